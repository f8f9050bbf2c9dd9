package timeline

import (
	"slices"

	"github.com/lbsup/lbsup/supervisor/status"
)

// inOrder sorts moments by time; those of one time stay as they are.
func inOrder(ms []status.Moment) []status.Moment {
	slices.SortStableFunc(ms, func(a, b status.Moment) int { return a.Time.Compare(b.Time) })
	return ms
}
