package supervisor

import (
	"context"
	"slices"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
	"github.com/lbsup/lbsup/supervisor/timeline/store"
)

// How often the other nodes are asked while somebody follows, and how far around a move they are asked about it: a node
// may have been well for minutes before it takes its VIPs back.
const (
	askAgain = time.Second
	around   = 10 * time.Minute
)

// Events tells what is on record and, if asked, what is added to it.
func (c *chronicle) Events(ctx context.Context, q control.Past, tell func([]status.Moment) error) error {
	t := &telling{chronicle: c, past: q, tell: tell, own: store.NewReader(c.keeper.Dir), node: c.snapshot().Node}
	if err := t.all(ctx); err != nil || !q.Follow {
		return err
	}
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		news := c.keeper.News()
		if err := t.here(); err != nil {
			return err
		}
		select {
		case <-news:
		case <-again.C:
			if err := t.there(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// telling is one answer to Events in the making.
type telling struct {
	*chronicle
	past  control.Past
	tell  func([]status.Moment) error
	own   *store.Reader
	node  string
	weave timeline.Weave
}

// all tells what there is, of all nodes in one order.
func (t *telling) all(ctx context.Context) error {
	remarks := t.ask(ctx)
	if err := t.here(); err != nil {
		return err
	}
	return t.say(append(fitting(t.weave.Rest(), t.past), remarks...))
}

// here tells what is new on this node.
func (t *telling) here() error {
	for {
		ms, err := t.next(t.own)
		if err != nil || len(ms) == 0 {
			return err
		}
		for i := range ms {
			if ms[i].Node == "" { // it was told before the first cluster file said what this node is called
				ms[i].Node = t.node
			}
		}
		if err := t.say(fitting(t.weave.With(ms), t.past)); err != nil {
			return err
		}
	}
}

// there tells what is new on the others.
func (t *telling) there(ctx context.Context) error {
	remarks := t.ask(ctx)
	return t.say(append(fitting(t.weave.Rest(), t.past), remarks...))
}

func (t *telling) ask(ctx context.Context) (remarks []status.Moment) {
	if t.past.Here {
		return nil
	}
	from, to := t.weave.Since(t.past.Since), t.clock()
	return t.weave.Hear(t.others(ctx, from, to), from, to)
}

func (t *telling) say(ms []status.Moment) error {
	if len(ms) == 0 {
		return nil
	}
	return t.tell(ms)
}

func fitting(ms []status.Moment, q control.Past) []status.Moment {
	return slices.DeleteFunc(slices.Clone(ms), func(m status.Moment) bool {
		return m.Time.Before(q.Since) || len(q.Kinds) > 0 && !slices.Contains(q.Kinds, m.Kind)
	})
}

// Why answers from what is on record and from what is. Where the answer is of a moment, the other nodes are asked about
// the time around it.
func (c *chronicle) Why(ctx context.Context, w control.Why) (status.Account, error) {
	var all []status.Moment
	err := c.Events(ctx, control.Past{Here: true}, func(ms []status.Moment) error { all = append(all, ms...); return nil })
	if err != nil {
		return status.Account{}, err
	}
	snap, span := c.snapshot(), timeline.Span{From: w.From, To: w.To}
	a, err := timeline.Explain(snap, all, w.About, span)
	if err != nil || a.When.IsZero() {
		return a, err
	}
	return timeline.Explain(snap, all, w.About, span, c.others(ctx, a.When.Add(-around), a.When.Add(around))...)
}

// recall is what this node tells the others of its record.
func (c *chronicle) recall(from, to time.Time, most int) ([]status.Moment, bool, error) {
	return store.Between(c.keeper.Dir, from, to, most)
}
