package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

var _ control.Chronicle = backend{}

// Events tells events.json, and writes what it was asked for to asked.txt.
func (b backend) Events(_ context.Context, q control.Past, tell func([]status.Moment) error) error {
	if err := b.note(fmt.Sprintf("kinds %v follow %v here %v\n", q.Kinds, q.Follow, q.Here)); err != nil {
		return err
	}
	var ms []status.Moment
	if err := b.answer("events.json", &ms); err != nil {
		return err
	}
	return tell(ms)
}

// Why answers with why.json.
func (b backend) Why(_ context.Context, w control.Why) (a status.Account, err error) {
	if err := b.note(fmt.Sprintf("about %q from %s to %s\n", w.About, clockOf(w.From), clockOf(w.To))); err != nil {
		return a, err
	}
	err = b.answer("why.json", &a)
	return a, err
}

func (b backend) note(text string) error {
	return os.WriteFile(filepath.Join(b.dir, "asked.txt"), []byte(text), 0o644)
}

func clockOf(t time.Time) string {
	if t.IsZero() {
		return "ever"
	}
	return t.UTC().Format(time.DateTime)
}

func TestMoment(t *testing.T) {
	now := time.Date(2026, 1, 2, 12, 30, 45, 0, time.UTC)
	for _, row := range []struct{ text, from, to string }{
		{"90s", "2026-01-02 12:29:15", "2026-01-02 12:29:15.999999999"},
		{"1h", "2026-01-02 11:30:45", "2026-01-02 11:30:45.999999999"},
		{"7d", "2025-12-26 12:30:45", "2025-12-26 12:30:45.999999999"},
		{"02:13", "2026-01-02 02:13:00", "2026-01-02 02:13:59.999999999"},
		{"02:13:07", "2026-01-02 02:13:07", "2026-01-02 02:13:07.999999999"},
		{"23:00", "2026-01-01 23:00:00", "2026-01-01 23:00:59.999999999"},
		{"2025-12-31", "2025-12-31 00:00:00", "2025-12-31 23:59:59.999999999"},
		{" 2025-12-31 02:13 ", "2025-12-31 02:13:00", "2025-12-31 02:13:59.999999999"},
		{"2025-12-31 02:13:07", "2025-12-31 02:13:07", "2025-12-31 02:13:07.999999999"},
		{"2025-12-31T02:13:07+01:00", "2025-12-31 01:13:07", "2025-12-31 01:13:07.999999999"},
	} {
		t.Run(row.text, func(t *testing.T) {
			from, to, err := moment(row.text, now)
			const layout = "2006-01-02 15:04:05.999999999"
			if got := from.UTC().Format(layout); err != nil || got != row.from {
				t.Errorf("it begins at %s, %v, want %s", got, err, row.from)
			}
			if got := to.UTC().Format(layout); got != row.to {
				t.Errorf("it ends at %s, want %s", got, row.to)
			}
		})
	}
	for _, text := range []string{"", "yesterday", "-1h", "25:00", "-3d", "99999d", "2026-02-30"} {
		want := fmt.Sprintf("got %q, want how long ago, as 90s, 1h or 7d, or a time, as 02:13, 02:13:07 or 2026-01-02 02:13", text)
		if _, _, err := moment(text, now); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func FuzzMoment(f *testing.F) {
	for _, text := range []string{"1h", "02:13", "2026-01-02", "7d", "-1s", "2026-01-02T00:00:00Z"} {
		f.Add(text)
	}
	now := time.Date(2026, 1, 2, 12, 30, 45, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if from, to, err := moment(text, now); err == nil && !to.After(from) {
			t.Errorf("%q is from %s to %s", text, from, to)
		}
	})
}
