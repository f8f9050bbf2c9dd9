package checks

import "fmt"

// Tracker turns a row of results into a verdict: the one place where rise and fall are counted.
// It is a value; Next returns the tracker that comes after it.
type Tracker struct {
	rise, fall int
	holderFall int  // fall on the node that holds
	holding    bool // this node holds what the check moves
	row        int  // results in a row that speak against the verdict
	verdict    Verdict
}

// NewTracker returns the tracker of a check that nobody has looked at yet.
func NewTracker(def Definition) Tracker {
	return Tracker{
		rise:       max(def.Rise, 1),
		fall:       max(def.Fall, 1),
		holderFall: max(def.HolderFall, def.Fall, 1),
		verdict:    Verdict{Check: def.Name, Interval: def.Interval, Reason: "nobody has looked yet"},
	}
}

// Holding returns the tracker of a node that does or does not hold what the check moves: who holds has more to lose by a
// hiccup than who stands by, and may be more patient.
func (t Tracker) Holding(yes bool) Tracker {
	t.holding = yes
	return t
}

// Verdict is what the results so far add up to.
func (t Tracker) Verdict() Verdict { return t.verdict }

// Next counts one result. It reports whether the verdict's Health changed; the Reason follows every result.
// A result that is Unknown tells nothing and is not counted.
func (t Tracker) Next(r Result) (Tracker, bool) {
	if r.Health == Unknown {
		return t, false
	}
	t.verdict.At, t.verdict.Reason = r.At, Line(r.Reason)
	if wanted := t.wanted(r); t.row+1 < wanted {
		t.row++
		t.verdict.Reason += fmt.Sprintf(" (%d of %d before it counts)", t.row, wanted)
		return t, false
	}
	t.row = 0
	if r.Health == t.verdict.Health {
		return t, false
	}
	t.verdict.Health, t.verdict.Since = r.Health, r.At
	return t, true
}

// wanted is how many results like this one it takes, in a row, to be believed. One kind of bad after another is
// believed at once: that the check is not healthy is settled already, and the newest result knows best how bad it is.
func (t Tracker) wanted(r Result) int {
	was := t.verdict.Health
	switch {
	case r.Sure, was == Unknown, bad(was) == bad(r.Health):
		return 1
	case r.Health == Healthy:
		return t.rise
	case t.holding:
		return t.holderFall
	default:
		return t.fall
	}
}

func bad(h Health) bool { return h == Doubtful || h == Failed }
