package result

import (
	"math"
	"slices"
	"time"
)

// Row is one line of a results file: all that was measured of one subject in one case.
type Row struct {
	Bench   string    `json:"bench"`
	Subject string    `json:"subject"`
	Case    string    `json:"case"`
	N       int       `json:"n"`
	Median  Number    `json:"median"`
	P99     Number    `json:"p99"`
	Max     Number    `json:"max"`
	Unit    string    `json:"unit"`
	Raw     []Number  `json:"raw"`             // in the order in which they were measured
	Limit   float64   `json:"limit,omitempty"` // how long a run waited before its value was called never
	At      time.Time `json:"at"`
	Began   time.Time `json:"began,omitzero"` // when the benchmark began; rows that share it are of one run
}

// The units of a row.
const (
	Milliseconds   = "ms"
	Moves          = "moves"
	FailedRequests = "failed requests"
	FailedChecks   = "failed checks"
	Percent        = "% of a core"
	Megabytes      = "MB"
	Processes      = "processes"

	BrokenConnections = "broken connections"
	Requests          = "requests"
	Reloads           = "reloads"
)

// Summary is a row with its median, p99 and maximum filled in.
func Summary(r Row, values []float64) Row {
	r.N = len(values)
	r.Raw = make([]Number, len(values))
	for i, v := range values {
		r.Raw[i] = Number(v)
	}
	sorted := slices.Sorted(slices.Values(values))
	r.Median, r.P99, r.Max = Number(median(sorted)), Number(percentile(sorted, 99)), Number(percentile(sorted, 100))
	return r
}

// same says whether two rows measure the same thing, so that the newer takes the place of the older.
func (r Row) same(other Row) bool {
	return r.Bench == other.Bench && r.Subject == other.Subject && r.Case == other.Case && r.Unit == other.Unit
}

func median(sorted []float64) float64 {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}

// percentile is the nearest rank: the smallest value that p percent of all do not exceed. It is always a value that was measured; of fewer than a
// hundred values the 99th percentile is therefore the largest.
func percentile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
