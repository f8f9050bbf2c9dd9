package status

import "time"

// Record is what a node tells a peer of its timeline: the newest moments of a span of time. Keys are added and never
// change their meaning.
type Record struct {
	Protocol int      `json:"protocol"`
	Cluster  string   `json:"cluster"`
	Node     string   `json:"node"`
	Cut      bool     `json:"cut"` // there are older moments in that span, and they did not fit
	Moments  []Moment `json:"moments"`
}

// Recalled is what a peer told of its timeline, or why it did not.
type Recalled struct {
	Node    string
	Moments []Moment // by that node's own clock, oldest first
	Cut     bool     // as in Record
	Trouble string   // why nothing is known; empty: it answered
	Ahead   time.Duration
	Within  time.Duration // how far off Ahead may be
}

// Here are the moments by this node's clock. A difference of clocks that may be none changes nothing.
func (r Recalled) Here() []Moment {
	ms := make([]Moment, 0, len(r.Moments))
	for _, m := range r.Moments {
		if r.Ahead.Abs() > r.Within {
			m.Time = m.Time.Add(-r.Ahead)
		}
		ms = append(ms, m)
	}
	return ms
}
