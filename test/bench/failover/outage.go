package failover

import (
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// How the client asks.
const (
	every    = 5 * time.Millisecond
	patience = 800 * time.Millisecond
	// streak is how many good answers in a row say that the address answers again: half a second of them.
	streak = 100
)

// silence is the outage after a moment, by the package's definition, and whether it has ended. Samples are in the order in which they were sent.
func silence(samples []lab.Sample, after time.Time) (length time.Duration, ended bool) {
	first, last := failures(samples, after)
	if first < 0 {
		return 0, true
	}
	answered := time.Time{}
	for _, sample := range samples[last+1:] {
		if end := sample.At.Add(sample.Took); sample.Err == nil && (answered.IsZero() || end.Before(answered)) {
			answered = end
		}
	}
	if answered.IsZero() {
		return 0, false
	}
	return answered.Sub(samples[first].At), true
}

// failures are the first and the last sample that failed at or after a moment, -1 if none did. A request that was under way at that moment belongs to it.
func failures(samples []lab.Sample, after time.Time) (first, last int) {
	first, last = -1, -1
	for i, sample := range samples {
		if sample.Err == nil || sample.At.Add(sample.Took).Before(after) {
			continue
		}
		if first < 0 {
			first = i
		}
		last = i
	}
	return first, last
}

// failed counts the requests that failed after a moment.
func failed(samples []lab.Sample, after time.Time) int {
	count := 0
	for _, sample := range samples {
		if sample.Err != nil && !sample.At.Add(sample.Took).Before(after) {
			count++
		}
	}
	return count
}

// steady says whether the last answers were all good, a streak of them, all to requests sent after a moment.
func steady(samples []lab.Sample, after time.Time) bool {
	good := 0
	for i := len(samples) - 1; i >= 0 && good < streak; i-- {
		if samples[i].Err != nil || !samples[i].At.After(after) {
			return false
		}
		good++
	}
	return good == streak
}
