package timeline

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// together is how far apart the VIPs of one instance may come or go in one move.
const together = 3 * time.Second

// move is one going or coming of an instance's VIPs.
type move struct {
	at, end time.Time
	here    bool
	unseen  bool // it happened while lbsup was not there
}

func moves(m status.Moment) bool { return m.Kind == status.VIPKind && m.Fields["found"] == "" }

// moves of an instance, oldest first. The kernel's word on the addresses is what a client sees. Where lbsup finds them
// elsewhere than it left them, they moved while it was not there.
func (e explaining) moves(instance string) []move {
	var all []move
	var known, here bool
	for _, m := range e.all {
		if m.Kind != status.VIPKind || m.Fields["instance"] != instance {
			continue
		}
		was := here
		here = m.Fields["here"] == "true"
		n := len(all)
		switch {
		case !moves(m) && (!known || was == here):
		case n > 0 && all[n-1].here == here && m.Time.Sub(all[n-1].end) <= together:
			all[n-1].end = m.Time
		default:
			all = append(all, move{at: m.Time, end: m.Time, here: here, unseen: !moves(m)})
		}
		known = true
	}
	return all
}

// move answers why the VIPs of an instance moved.
func (e explaining) move(i status.Instance) status.Account {
	all := e.moves(i.Name)
	chosen, inSpan := e.choose(all)
	if chosen < 0 {
		return e.unmoved(i)
	}
	a := e.cause(i, all[chosen])
	a.About = i.Name
	switch {
	case !inSpan:
		a.Note = joined(a.Note, fmt.Sprintf("%s did not move between %s and %s", i.Name, clock(e.span.From), clock(e.span.To)))
	case chosen+1 < len(all) && !all[chosen+1].at.After(e.end()):
		next := all[chosen+1]
		a.Note = joined(a.Note, fmt.Sprintf("at %s they %s: %s", clock(next.at), went(next.here), e.cause(i, next).Because))
	}
	return a
}

// choose picks the first move in the span; about now, and where nothing moved in the span, the last one before its end.
func (e explaining) choose(all []move) (chosen int, inSpan bool) {
	chosen = -1
	for n, m := range all {
		if m.at.After(e.end()) {
			break
		}
		if !e.span.From.IsZero() && !m.at.Before(e.span.From) {
			return n, true
		}
		chosen = n
	}
	return chosen, e.span.From.IsZero()
}

// unmoved answers where no move is on record.
func (e explaining) unmoved(i status.Instance) status.Account {
	a := status.Account{About: i.Name, What: "the VIPs of " + i.Name + " are not on this node", Because: i.Why, Chain: []status.Moment{}}
	if i.Holder == e.snap.Node && i.Holder != "" {
		a.What = "the VIPs of " + i.Name + " are on this node"
	}
	a.Note = "no move is on record" + e.begins()
	return a
}

// begins says how far back the record goes.
func (e explaining) begins() string {
	if len(e.all) == 0 {
		return ""
	}
	return ", which begins at " + e.all[0].Time.Format(time.DateTime)
}

func went(here bool) string {
	if here {
		return "came to this node"
	}
	return "left this node"
}

func clock(t time.Time) string { return t.Format(time.TimeOnly) }
