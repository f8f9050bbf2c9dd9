package supervisor

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// backend answers the control socket from what the loop has published.
type backend struct {
	*chronicle // answers about the timeline

	loop    *loop
	desk    *desk
	clock   func() time.Time
	version string
	started time.Time
	look    func(context.Context, *status.Snapshot) // adds what is asked for only now
	plan    func(context.Context, state.State) (status.Plan, error)
	history func() ([]status.Entry, error)
	found   func(generation int) bool // whether it is what was here before lbsup
}

// Status tells what is, the servers as HAProxy sees them at this moment.
func (b *backend) Status(ctx context.Context) (status.Snapshot, error) {
	snap := snapshot(b.loop.State(), b.clock())
	snap.Version, snap.Started = b.version, b.started
	ctx, cancel := context.WithTimeout(ctx, questionLimit)
	defer cancel()
	b.look(ctx, &snap)
	return snap, nil
}

// Plan tells what a reload would do.
func (b *backend) Plan(ctx context.Context) (status.Plan, error) {
	return b.plan(ctx, b.loop.State())
}

// History tells what became of each generation, the newest first.
func (b *backend) History(context.Context) ([]status.Entry, error) { return b.history() }

// Change asks the loop for a change and waits for its end.
func (b *backend) Change(ctx context.Context, r control.Request, progress func(string)) (status.Change, error) {
	if to := leaves(r, b.loop.State(), b.found); to != 0 {
		return stays(r, to, b.clock()), nil
	}
	id, v := b.desk.arrive()
	defer b.desk.leave(id)
	b.loop.send(ctx, state.Asked{At: b.loop.now(), ID: id, Verb: r.Verb, To: r.To, By: r.By, Confirm: time.Duration(r.Confirm) * time.Second})
	for {
		select {
		case text := <-v.progress:
			progress(text)
		case change := <-v.answer:
			return change, nil
		case <-ctx.Done():
			return status.Change{}, ctx.Err()
		}
	}
}
