package store

import (
	"slices"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Between returns the moments of a span of time in order, of more than so many the newest, and whether older ones were
// left out. It reads from the end, so that a question about today does not cost the whole record. A zero end is open.
func Between(dir string, from, to time.Time, most int) (ms []status.Moment, cut bool, err error) {
	all, err := numbers(dir)
	if err != nil {
		return nil, false, err
	}
	for _, number := range slices.Backward(all) {
		text, err := (&Reader{dir: dir, number: number}).lines()
		if err != nil {
			return nil, false, err
		}
		part, _ := decode(text)
		older := len(part) > 0 && !slices.ContainsFunc(part, func(m status.Moment) bool { return !m.Time.Before(from) })
		part = slices.DeleteFunc(part, func(m status.Moment) bool {
			return m.Time.Before(from) || !to.IsZero() && m.Time.After(to)
		})
		ms = append(part, ms...)
		if older || len(ms) > most {
			break
		}
	}
	slices.SortStableFunc(ms, func(a, b status.Moment) int { return a.Time.Compare(b.Time) })
	if over := len(ms) - most; over > 0 {
		ms, cut = ms[over:], true
	}
	return ms, cut, nil
}
