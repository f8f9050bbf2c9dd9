package status

import (
	"fmt"
	"math"
	"time"
)

// about says a duration in the one unit that a person would use: 119s, then 2min.
func about(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%ds", max(d, 0)/time.Second)
	case d < 2*time.Hour:
		return fmt.Sprintf("%dmin", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	default:
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
}

// lasting is "for 3h", or nothing when it is not known since when.
func lasting(since, now time.Time) string {
	if since.IsZero() {
		return ""
	}
	return "for " + about(now.Sub(since))
}

// ago is "3h ago", or nothing when it is not known when.
func ago(at, now time.Time) string {
	if at.IsZero() {
		return ""
	}
	return about(now.Sub(at)) + " ago"
}

// seconds says how long something took.
func seconds(s float64) string {
	switch {
	case math.IsNaN(s) || s < 0:
		return ""
	case s < 10:
		return fmt.Sprintf("%.1fs", s)
	default:
		return about(time.Duration(min(s, 1e9)) * time.Second)
	}
}
