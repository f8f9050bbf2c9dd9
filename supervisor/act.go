package supervisor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// apply has root render, check and install: it starts a oneshot unit and reads the report that it leaves. A unit that
// failed has left one too, which says why; only without a new report is the failure of the unit the news.
func (n *node) apply(ctx context.Context, request string) (state.Report, error) {
	asked := time.Now()
	started := n.units.Start(ctx, "lbsup-apply@"+request+".service")
	report, err := apply.ReadReport(render.StateDir)
	if err != nil || report.Started.Before(asked) {
		if started == nil {
			started = errors.New("it left no report")
		}
		return state.Report{}, fmt.Errorf("cannot run lbsup-apply@%s.service: %w", request, started)
	}
	return translate(report), nil
}

func translate(r apply.Report) state.Report {
	out := state.Report{Outcome: string(r.Outcome), Generation: r.Number, HAProxy: r.HAProxy, Keepalived: r.Keepalived, Explained: r.Explained, Version: r.Version, Output: r.Words, Notes: r.Notes}
	for _, p := range r.Problems {
		out.Problems = append(out.Problems, status.Problem(p))
	}
	return out
}

// activate makes one daemon run what is installed.
func (n *node) activate(ctx context.Context, a state.Activate) error {
	switch {
	case a.How == state.RunTime:
		return n.atRunTime(ctx, a)
	case a.How == state.Start:
		return n.units.Start(ctx, a.Unit)
	case a.How == state.Restart:
		return n.units.Restart(ctx, a.Unit)
	case a.Unit == state.KeepalivedUnit:
		return keepalived.Reload(ctx, n.units, a.Unit)
	default:
		reloader := haproxy.Reloader{Master: haproxy.Master{Socket: render.MasterSocket}, Runtime: n.runtime}
		_, err := reloader.Reload(ctx, a.Digest)
		return err
	}
}

// atRunTime changes servers through the runtime API, and has those that could not be deleted yet swept up later.
func (n *node) atRunTime(ctx context.Context, a state.Activate) error {
	if err := (haproxy.Changer{Runtime: n.runtime}).Make(ctx, a.Changes, a.Digest); err != nil {
		return err
	}
	signal(n.sweeping)
	return nil
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

// noMaster tells whether a reload failed because HAProxy has no master CLI that lbsup may use: it was started before
// lbsup's drop-in was there.
func noMaster(err error) bool {
	var failed *haproxy.ReloadError
	return errors.As(err, &failed) && failed.Failure == haproxy.Unreachable
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
