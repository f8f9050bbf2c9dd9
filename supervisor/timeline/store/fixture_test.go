package store

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

var night = time.Date(2026, 1, 2, 2, 13, 0, 0, time.UTC)

// numbered makes moments that can be told apart, a second after each other.
func numbered(from, to int) []status.Moment {
	var ms []status.Moment
	for n := from; n < to; n++ {
		ms = append(ms, status.Moment{Time: night.Add(time.Duration(n) * time.Second), Kind: status.CheckKind, Subject: "apps", Text: fmt.Sprintf("moment %d", n)})
	}
	return ms
}

func open(t *testing.T, dir string, limits Limits) *Store {
	t.Helper()
	s, dropped, err := Open(dir, limits)
	if err != nil || dropped != 0 {
		t.Fatalf("dropped %d bytes, %v", dropped, err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func add(t *testing.T, s *Store, ms []status.Moment) {
	t.Helper()
	if err := s.Append(ms); err != nil {
		t.Fatal(err)
	}
}

// readAll reads until there is no more.
func readAll(t *testing.T, r *Reader) (all []status.Moment, unread int) {
	t.Helper()
	for {
		ms, bad, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if len(ms) == 0 && bad == 0 {
			return all, unread
		}
		all, unread = append(all, ms...), unread+bad
	}
}

func size(t *testing.T, dir string) (length int64, files int) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		length += info.Size()
	}
	return length, len(all)
}
