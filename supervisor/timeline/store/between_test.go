package store

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestBetween(t *testing.T) {
	dir := t.TempDir()
	s, _, err := Open(dir, Limits{Bytes: 1000, Segments: 100})
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	for i := range 100 {
		if err := s.Append([]status.Moment{{Time: noon.Add(time.Duration(i) * time.Minute), Kind: status.RoleKind, Text: "x"}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if all, _ := numbers(dir); len(all) < 5 {
		t.Fatalf("%d segments, want some", len(all))
	}
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	for _, row := range []struct {
		name        string
		from, to    time.Time
		most        int
		first, last int
		cut         bool
	}{
		{"everything", time.Time{}, time.Time{}, 1000, 0, 99, false},
		{"as many as there are", time.Time{}, time.Time{}, 100, 0, 99, false},
		{"the newest", time.Time{}, time.Time{}, 7, 93, 99, true},
		{"since", at(40), time.Time{}, 1000, 40, 99, false},
		{"until", time.Time{}, at(40), 1000, 0, 40, false},
		{"both", at(30), at(40), 1000, 30, 40, false},
		{"the newest of both", at(30), at(40), 3, 38, 40, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			ms, cut, err := Between(dir, row.from, row.to, row.most)
			if err != nil || cut != row.cut || len(ms) != row.last-row.first+1 || !ms[0].Time.Equal(at(row.first)) || !ms[len(ms)-1].Time.Equal(at(row.last)) {
				t.Errorf("got %d, cut %v, %v: %v", len(ms), cut, err, ms)
			}
		})
	}
	if ms, cut, err := Between(dir, at(100), time.Time{}, 10); len(ms) != 0 || cut || err != nil {
		t.Errorf("after the end: %v, %v, %v", ms, cut, err)
	}
	if ms, cut, err := Between(dir+"/none", noon, noon, 10); len(ms) != 0 || cut || err != nil {
		t.Errorf("of nothing: %v, %v, %v", ms, cut, err)
	}
}
