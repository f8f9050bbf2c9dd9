package checks

import "time"

// Health is what is known about the thing that a check looks at.
type Health uint8

// What can be known. Only Failed is certain enough for an instance to be put in FAULT.
const (
	Unknown  Health = iota // nobody has looked yet
	Healthy                // it works
	Doubtful               // slow, silent or stale: it may still work
	Failed                 // it does not work
)

func (h Health) String() string {
	switch h {
	case Healthy:
		return "healthy"
	case Doubtful:
		return "in doubt"
	case Failed:
		return "failed"
	default:
		return "unknown"
	}
}

// Result is what one probe found.
type Result struct {
	Check  string
	Health Health
	Sure   bool   // nothing is left to find out by asking again: rise and fall do not delay this result
	Reason string // one line, for a person
	At     time.Time
	Took   time.Duration
}

// Verdict is what the results of a check add up to, once rise and fall have had their say.
type Verdict struct {
	Check    string
	Health   Health
	Reason   string
	Since    time.Time     // when Health became what it is
	At       time.Time     // the last result that was counted
	Interval time.Duration // how often the check looks: three of these without a result make the verdict stale
}
