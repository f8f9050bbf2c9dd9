package reload

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
	labpair "github.com/lbsup/lbsup/test/lab/cmd/pair"
)

const (
	warmUp  = time.Second
	between = 200 * time.Millisecond // from one reload to the next, so that its losses are its own
)

// reloadsByHand measures HAProxy as the distribution has it, with the reload of its unit.
func (p Plan) reloadsByHand(ctx context.Context, h *hosts) error {
	script := "cat >>/etc/haproxy/haproxy.cfg <<'end'\n" + byHandText + "end\nsystemctl restart haproxy.service\n"
	if _, err := h.node.Script(ctx, script); err != nil {
		return err
	}
	limit, cancel := context.WithTimeoutCause(ctx, 20*time.Second, errors.New("the time is up"))
	defer cancel()
	client := h.pair.Lab.Client(time.Second)
	if err := labpair.Await(limit, func(ctx context.Context) error {
		_, err := lab.Ask(ctx, client, "http://"+direct+"/")
		return err
	}); err != nil {
		return err
	}
	return p.reloads(ctx, h, byHand, direct, func(ctx context.Context, _ int) error {
		_, err := h.node.Run(ctx, "systemctl", "reload", "haproxy.service")
		return err
	})
}

// reloadsOfLbsup measures changes that need a reload each.
func (p Plan) reloadsOfLbsup(ctx context.Context, h *hosts) error {
	err := p.reloads(ctx, h, pair.Lbsup, vip, func(ctx context.Context, n int) error {
		if err := h.put(h.node, loadText(false, n)); err != nil {
			return err
		}
		return h.reload(ctx)
	})
	return errors.Join(err, h.holds())
}

// reloads reloads again and again under load, and saves what each cost.
func (p Plan) reloads(ctx context.Context, h *hosts, subject, address string, reload func(ctx context.Context, n int) error) error {
	l := start(h.dialer(), address)
	defer l.end()
	if !pause(ctx, warmUp) {
		return ctx.Err()
	}
	before := l.now()
	var took []float64
	lost := map[kind][]float64{}
	for n := 1; n <= p.Reloads; n++ {
		began := time.Now()
		if err := reload(ctx, n); err != nil {
			return err
		}
		took = append(took, milliseconds(time.Since(began)))
		if !pause(ctx, between) {
			return ctx.Err()
		}
		after := l.now()
		for _, k := range kinds {
			lost[k] = append(lost[k], float64(after[k].failed-before[k].failed))
		}
		before = after
		if n%20 == 0 || n == p.Reloads {
			p.say("%s: %d of %d reloads, failed so far %s", subject, n, p.Reloads, losses(before))
		}
	}
	// An old worker closes what is idle a while later, too.
	if !pause(ctx, warmUp) {
		return ctx.Err()
	}
	for requests(l.now()) < p.Requests {
		if !pause(ctx, between) {
			return ctx.Err()
		}
	}
	l.end()
	total := l.now()
	for _, k := range kinds {
		lost[k][p.Reloads-1] += float64(total[k].failed - before[k].failed)
	}
	for _, reason := range l.why() {
		p.say("%s lost %s", subject, reason)
	}
	return p.saveReloads(subject, took, lost, total)
}

// requests are those of all kinds.
func requests(all map[kind]tally) (n int) {
	for _, t := range all {
		n += t.sent
	}
	return n
}

// losses are the failures of each kind, and how many there were of it.
func losses(all map[kind]tally) string {
	text := ""
	for _, k := range kinds {
		text += fmt.Sprintf(" %d/%d", all[k].failed, all[k].sent)
	}
	return text
}

func (p Plan) saveReloads(subject string, took []float64, lost map[kind][]float64, total map[kind]tally) error {
	err := p.save(partReload, subject, "a reload, until it is known to serve", result.Milliseconds, took)
	for _, k := range kinds {
		unit := result.FailedRequests
		if k == long {
			unit = result.BrokenConnections
		}
		err = errors.Join(err,
			p.save(partReload, subject, string(k)+", for each reload", unit, lost[k]),
			p.save(partReload, subject, string(k)+", in all", unit, []float64{float64(total[k].failed)}),
			p.save(partReload, subject, string(k)+", in all", result.Requests, []float64{float64(total[k].sent)}))
	}
	return err
}

// dialer connects from the client's namespace.
func (h *hosts) dialer() dialer {
	return h.pair.Lab.Client(patience).Transport.(*http.Transport).DialContext
}
