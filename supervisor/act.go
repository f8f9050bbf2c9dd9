package supervisor

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/systemd"
)

// apply has root render, check and install: it starts a oneshot unit and reads the report that it leaves. A unit that
// failed has left one too, which says why; only without a report of this very request is the failure of the unit the news.
func (n *node) apply(ctx context.Context, request string) (state.Report, error) {
	asked, err := apply.ParseRequest(request)
	if err != nil {
		return state.Report{}, err
	}
	asked.ID = strings.ToLower(rand.Text()[:requestID])
	started := n.start(ctx, "lbsup-apply@"+asked.Instance()+".service")
	report, err := apply.ReadReport(render.StateDir)
	if err != nil || report.ID != asked.ID {
		if started == nil {
			started = errors.New("it left no report")
		}
		return state.Report{}, fmt.Errorf("cannot run lbsup-apply@%s.service: %w", request, started)
	}
	return translate(report), nil
}

// start starts a oneshot unit and returns when it has ended, whether D-Bus stays or not: a report that is read before tells of the request before.
func (n *node) start(ctx context.Context, unit string) error {
	err := n.units.Start(ctx, unit)
	if lost := (*systemd.LostError)(nil); errors.As(err, &lost) {
		if unseen := n.units.Idle(ctx, unit); unseen != nil {
			return fmt.Errorf("%w; %w", err, unseen)
		}
	}
	return err
}

// requestID is how long the ID of a request is: two of the last hundred requests do not share one.
const requestID = 10

func translate(r apply.Report) state.Report {
	out := state.Report{
		Outcome: string(r.Outcome), Generation: r.Number, HAProxy: r.HAProxy, Keepalived: r.Keepalived, Reason: r.Reason,
		Explained: r.Explained, Version: r.Version, Output: r.Words, Notes: r.Notes,
	}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, status.Problem(p))
	}
	for _, c := range r.Renewed {
		if c.Pushed {
			out.Renewed = append(out.Renewed, fmt.Sprintf("the renewed certificate %s, good until %s", c.File, c.Ends.Local().Format(time.DateOnly)))
		}
	}
	return out
}

// sweep deletes servers that went at run time, once their last connection has ended.
func (n *node) sweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	left := 1 // those of a supervisor that was here before
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-n.sweeping:
			left = 1
			continue
		case <-ticker.C:
		}
		s := n.loop.State()
		if left == 0 || s.Installed.Local == nil || s.Worker.Digest != s.Installed.HAProxy || s.Job != nil {
			continue
		}
		var err error
		if left, err = (haproxy.Changer{Runtime: n.runtime}).Sweep(ctx, s.Installed.Local); err != nil {
			n.Log.Warn().Err(err).Msg("cannot delete servers that went")
			left = 1
		}
	}
}

// history joins what the root side knows of each generation with what became of it afterwards.
func (n *node) history() ([]status.Entry, error) {
	all, err := n.store.List()
	if len(all) == 0 {
		return nil, err
	}
	var out []status.Entry
	for i := len(all) - 1; i >= 0; i-- {
		out = append(out, n.entry(all[i]))
	}
	return out, nil
}

func (n *node) entry(m apply.Manifest) status.Entry {
	e := status.Entry{
		Generation: m.Number, At: m.Created, Request: m.Request, Outcome: string(m.Outcome),
		Installed: m.Number == n.loop.State().Installed.Number,
	}
	if m.Origin == apply.OriginFound {
		e.Outcome = "found"
	}
	if len(m.Problems) > 0 {
		e.Reason = m.Problems[0].Message
	}
	if c, ok := n.records.Change(m.Number); ok {
		e.By, e.Took, e.Outcome = c.By, c.Took, string(c.Outcome)
		if len(c.Problems) > 0 {
			e.Reason = c.Problems[0].Message
		} else if e.Reason == "" {
			e.Reason = strings.Join(c.Effects, "; ")
		}
	}
	return e
}
