package timeline

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Weave puts what other nodes have on record between the moments of this one, each of them once. The zero Weave knows
// nothing of them.
type Weave struct {
	nodes   map[string]heard
	waiting []status.Moment // of the others, in order, by this node's clock
}

// heard is what one node told last.
type heard struct {
	until   time.Time // by this node's clock
	told    map[string]bool
	trouble bool
}

// What another node tells late, because its own gate held it back, is asked for again; a clock that is further off is worth a word.
const (
	again   = 2 * pace
	skewed  = time.Second
	company = "peers" // the subject of what is said of other nodes
)

// Since is from when on the others are to be asked the next time.
func (w *Weave) Since(begin time.Time) time.Time {
	since := time.Time{}
	for _, h := range w.nodes {
		if since.IsZero() || h.until.Before(since) {
			since = h.until
		}
	}
	if since.Add(-again).Before(begin) {
		return begin
	}
	return since.Add(-again)
}

// Hear takes what the others told of a span of time, and returns what there is to say of that.
func (w *Weave) Hear(rs []status.Recalled, from, to time.Time) (remarks []status.Moment) {
	if w.nodes == nil {
		w.nodes = map[string]heard{}
	}
	for _, r := range rs {
		before, known := w.nodes[r.Node]
		if !known {
			before.until = from
			remarks = append(remarks, remarked(r, from, to)...)
		}
		if r.Trouble != "" {
			if !before.trouble {
				remarks = append(remarks, unknown(r, to))
			}
			before.trouble = true
			w.nodes[r.Node] = before
			continue
		}
		now := heard{until: to, told: map[string]bool{}}
		for i, m := range r.Here() {
			k := identity(r.Moments[i])
			if now.told[k] = true; !before.told[k] {
				w.waiting = append(w.waiting, m)
			}
		}
		w.nodes[r.Node] = now
	}
	w.waiting = inOrder(w.waiting)
	return remarks
}

func identity(m status.Moment) string {
	return fmt.Sprint(m.Time.UnixNano(), m.Kind, m.Subject, m.Text)
}

// With returns moments of this node, and before each of them what the others tell of the time until then.
func (w *Weave) With(own []status.Moment) []status.Moment {
	if len(w.waiting) == 0 {
		return own
	}
	out := make([]status.Moment, 0, len(own)+len(w.waiting))
	for _, m := range own {
		for len(w.waiting) > 0 && w.waiting[0].Time.Before(m.Time) {
			out, w.waiting = append(out, w.waiting[0]), w.waiting[1:]
		}
		out = append(out, m)
	}
	return out
}

// Rest returns what the others tell beyond the last moment of this node.
func (w *Weave) Rest() []status.Moment {
	rest := w.waiting
	w.waiting = nil
	return rest
}

// remarked is what a reader must know of another node's lines to read them right.
func remarked(r status.Recalled, from, to time.Time) (out []status.Moment) {
	if r.Trouble == "" && r.Cut {
		at := from
		if ms := r.Here(); len(ms) > 0 {
			at = ms[0].Time
		}
		out = append(out, status.Moment{Time: at, Node: r.Node, Kind: status.TroubleKind, Subject: company,
			Text: r.Node + " has more on record before this than it tells others: ask there"})
	}
	if words := Skewed(r); words != "" {
		out = append(out, status.Moment{Time: to, Node: r.Node, Kind: status.ClockKind, Subject: company, Text: words})
	}
	return out
}

// Skewed says how far another node's clock is off, "" when that does not matter.
func Skewed(r status.Recalled) string {
	if r.Trouble != "" || r.Ahead.Abs() <= r.Within+skewed {
		return ""
	}
	way := "ahead of"
	if r.Ahead < 0 {
		way = "behind"
	}
	return fmt.Sprintf("the clock of %s is %s %s this node's: its lines have the time of this one", r.Node, r.Ahead.Abs().Round(100*time.Millisecond), way)
}

func unknown(r status.Recalled, at time.Time) status.Moment {
	return status.Moment{Time: at, Node: r.Node, Kind: status.TroubleKind, Subject: company,
		Text: "what " + r.Node + " has on record is not shown", Reason: r.Trouble}
}
