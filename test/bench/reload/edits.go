package reload

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	labpair "github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// edits measures a small cluster file whose edits need a reload: from saving it until what is new answers, and until lbsup says that it is verified. First
// lbsup sees the edits by itself, then it is asked by command.
func (p Plan) edits(ctx context.Context, h *hosts) error {
	if err := h.put(h.node, loadText(true, 0)); err != nil {
		return err
	}
	if err := h.reload(ctx); err != nil {
		return err
	}
	var answers, verified, commanded []float64
	for n := 1; n <= p.Edits; n++ {
		answer, proof, err := h.edit(ctx, n)
		if err != nil {
			return err
		}
		answers, verified = append(answers, milliseconds(answer)), append(verified, milliseconds(proof))
	}
	p.say("%d edits of a watched file are live", p.Edits)
	for n := 1; n <= p.Edits; n++ {
		began := time.Now()
		if err := h.put(h.node, loadText(false, p.Edits+n)); err != nil {
			return err
		}
		if err := h.reload(ctx); err != nil {
			return err
		}
		took := time.Since(began)
		last, err := h.change(ctx)
		if err != nil {
			return err
		}
		commanded = append(commanded, milliseconds(took-settled(last)))
	}
	p.say("%d edits are live by command", p.Edits)
	for _, row := range []struct {
		name   string
		values []float64
	}{
		{"saved, until what is new answers", answers},
		{"saved, until lbsup has verified it, without its wait for health checks", verified},
		{"saved and asked for by lbsup reload, until it has verified it, without its wait for health checks", commanded},
	} {
		if err := p.save(partEdit, pair.Lbsup, row.name, result.Milliseconds, row.values); err != nil {
			return err
		}
	}
	return nil
}

// edit saves a file and returns when its mark was first seen in an answer, and when lbsup said that it is live.
func (h *hosts) edit(ctx context.Context, mark int) (answer, proof time.Duration, err error) {
	if err := h.quiet(ctx); err != nil {
		return 0, 0, err
	}
	before, err := h.change(ctx)
	if err != nil {
		return 0, 0, err
	}
	var began time.Time
	answer, err = h.answered(ctx, "http://"+vip+"/", func() error {
		began = time.Now()
		return h.put(h.node, loadText(true, mark))
	}, marked(strconv.Itoa(mark)))
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	var last status.Change
	err = labpair.Await(ctx, func(ctx context.Context) error {
		now, err := h.change(ctx)
		last = now
		switch {
		case err != nil:
			return err
		case now.Generation <= before.Generation || now.Outcome == "":
			return fmt.Errorf("lbsup is %s generation %d", now.Phase, now.Generation)
		case now.Outcome != status.Live && now.Outcome != status.Unchanged: // a second look at the file finds nothing to do
			return fmt.Errorf("generation %d is %s: %+v", now.Generation, now.Outcome, now.Problems)
		}
		return nil
	})
	return answer, time.Since(began) - settled(last), err
}

// settled is how long a change that was proved otherwise waited for the health checks of its servers, whose interval is not lbsup's.
func settled(c status.Change) time.Duration { return time.Duration(c.Settled * float64(time.Second)) }
