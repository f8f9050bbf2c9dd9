package timeline

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// elsewhere looks into the records of the other nodes for what moved VIPs from or to one of them. One that has nothing to
// tell, or has itself only followed, leaves the answer as it is.
func (e explaining) elsewhere(i status.Instance, m move, own because) (b because, note string) {
	for _, r := range e.others {
		if r.Trouble != "" {
			note = joined(note, "what "+r.Node+" has on record is not known: "+r.Trouble)
			continue
		}
		o := e
		o.snap.Node, o.all, o.others, o.self = r.Node, r.Here(), nil, "it"
		theirs, found := o.counterpart(i.Name, m)
		if !found {
			continue
		}
		if b := o.because(i, theirs); !b.elsewhere {
			return because{text: "on " + r.Node + ": " + b.text, chain: append(b.chain, own.chain...)}, Skewed(r)
		}
	}
	return own, note
}

// counterpart is the other node's side of a move. The one that loses VIPs lets go before the other takes them, or after.
func (e explaining) counterpart(instance string, m move) (theirs move, found bool) {
	for _, t := range e.moves(instance) {
		if t.here != m.here && !t.unseen && m.at.Add(-before).Before(t.at) && t.at.Before(m.at.Add(before/3)) && (!found || nearer(t, theirs, m.at)) {
			theirs, found = t, true
		}
	}
	return theirs, found
}

func nearer(a, than move, at time.Time) bool { return a.at.Sub(at).Abs() < than.at.Sub(at).Abs() }

func joined(one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return one + "; " + other
}
