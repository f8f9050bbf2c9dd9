package timeline

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Gate lets through what a person can read and counts the rest, so that a flood costs neither memory nor disk nor the
// memory of what was before it. Each subject of each kind may tell a burst at once and one more every few seconds; of
// what is held back the last one is told with the number of those before it. The zero Gate is ready to use.
type Gate struct {
	queues map[key]queue
}

const (
	burst    = 20              // moments of one subject that may come at once
	pace     = 5 * time.Second // between two more
	subjects = 256             // that are told apart; those beyond share one queue for each kind
)

type key struct {
	kind    status.Kind
	subject string
}

// queue is a leaky bucket; see "leaky bucket as a meter".
type queue struct {
	full time.Time      // when the bucket that was emptied last will be empty again
	held *status.Moment // the last one held back
	more int            // and how many before it
}

// at is the queue at a moment: what leaked out is gone, and so is what only a clock that was set back makes look full.
func (q queue) at(now time.Time) queue {
	if q.full.Before(now) || q.full.Sub(now) > burst*pace {
		q.full = now
	}
	return q
}

// Admit takes one moment and returns what is to be told now.
func (g *Gate) Admit(m status.Moment) []status.Moment {
	if g.queues == nil {
		g.queues = map[key]queue{}
	}
	k := g.key(m)
	q := g.queues[k].at(m.Time)
	if q.full.Sub(m.Time) > (burst-1)*pace {
		if q.held != nil {
			q.more++
		}
		q.held = &m
		g.queues[k] = q
		return nil
	}
	var out []status.Moment
	if q.held != nil {
		q.held.More = q.more
		out, q.held, q.more = append(out, *q.held), nil, 0
	}
	q.full = q.full.Add(pace)
	g.queues[k] = q
	return append(out, m)
}

// Flush returns what is held back and due at a moment. Called about once a second, it keeps the last word of each
// subject from being held back for long.
func (g *Gate) Flush(now time.Time) []status.Moment {
	var out []status.Moment
	for k, q := range g.queues {
		q = q.at(now)
		switch {
		case q.held != nil && q.full.Sub(now) <= (burst-1)*pace:
			q.held.More = q.more
			out = append(out, *q.held)
			g.queues[k] = queue{full: q.full.Add(pace)}
		case q.held == nil && !q.full.After(now):
			delete(g.queues, k)
		}
	}
	return inOrder(out)
}

func (g *Gate) key(m status.Moment) key {
	k := key{m.Kind, m.Subject}
	if _, known := g.queues[k]; !known && len(g.queues) >= subjects {
		return key{kind: m.Kind}
	}
	return k
}
