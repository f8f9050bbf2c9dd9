package checks

import (
	"fmt"
	"time"
)

// staleAfter is how many intervals a verdict may grow old: one for the wait, one for the timeout, one for a busy host.
const staleAfter = 3

// Stale returns the verdict as it is to be believed now. One that no result has confirmed for three intervals is in
// doubt, whatever it said: who knows nothing new knows neither that it works nor that it does not.
func Stale(v Verdict, now time.Time) Verdict {
	limit := staleAfter * v.Interval
	age := now.Sub(v.At)
	if v.Health == Unknown || age <= limit {
		return v
	}
	v.Reason = fmt.Sprintf("stale: last looked %v ago, at most %v expected; was %v: %s",
		age.Round(time.Millisecond), limit, v.Health, v.Reason)
	if v.Health != Doubtful {
		v.Health, v.Since = Doubtful, v.At.Add(limit)
	}
	return v
}
