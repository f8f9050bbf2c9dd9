package watch

import (
	"context"
	"maps"
	"slices"
	"time"
)

// Settle gathers what comes in and calls emit with all of it, sorted and without repetition, once nothing has come for
// quiet, and at the latest at most after the first of it. It returns when ctx or in ends.
func Settle(ctx context.Context, in <-chan string, quiet, most time.Duration, emit func(paths []string)) {
	waiting := map[string]bool{}
	var calm, limit <-chan time.Time // nil while nothing waits
	for {
		select {
		case <-ctx.Done():
			return
		case path, open := <-in:
			if !open {
				if len(waiting) > 0 {
					emit(slices.Sorted(maps.Keys(waiting)))
				}
				return
			}
			if len(waiting) == 0 {
				limit = time.After(most)
			}
			waiting[path] = true
			calm = time.After(quiet)
			continue
		case <-calm:
		case <-limit:
		}
		emit(slices.Sorted(maps.Keys(waiting)))
		clear(waiting)
		calm, limit = nil, nil
	}
}
