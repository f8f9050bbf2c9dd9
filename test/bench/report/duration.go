package report

import (
	"fmt"
	"strconv"

	"github.com/lbsup/lbsup/test/bench/result"
)

// ms writes milliseconds as a person reads them: tenths below ten, seconds from ten thousand on.
func ms(n result.Number) string {
	v := float64(n)
	switch {
	case n.IsNever():
		return "never"
	case v == 0:
		return "0"
	case v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64) + " ms"
	case v < 9999.5:
		return strconv.FormatFloat(v, 'f', 0, 64) + " ms"
	default:
		return strconv.FormatFloat(v/1000, 'f', 1, 64) + " s"
	}
}

// value writes a number with its unit.
func value(n result.Number, unit string) string {
	switch unit {
	case result.Milliseconds:
		return ms(n)
	case result.Moves, result.FailedRequests, result.FailedChecks, result.Processes, result.BrokenConnections, result.Requests, result.Reloads:
		return strconv.FormatFloat(float64(n), 'f', -1, 64)
	default:
		return fmt.Sprintf("%.2f", float64(n))
	}
}

// times says how many times longer than ours something took: 12× or 1,180×, or ∞ where it never ended. Nothing is no multiple of anything.
func times(theirs, ours result.Number) string {
	switch {
	case ours.IsNever() || ours == 0 || theirs == 0:
		return ""
	case theirs.IsNever():
		return "∞"
	}
	ratio := float64(theirs) / float64(ours)
	if ratio < 9.95 {
		return strconv.FormatFloat(ratio, 'f', 1, 64) + "×"
	}
	return thousands(int(ratio+0.5)) + "×"
}

func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
