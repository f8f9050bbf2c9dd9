package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// started runs a Watcher of files and keeps what it tells.
type started struct {
	*Watcher
	t    *testing.T
	told chan string
	mu   sync.Mutex
	odd  []error
}

func start(t *testing.T, every time.Duration, files ...string) *started {
	t.Helper()
	s := &started{Watcher: New(files...), t: t, told: make(chan string, 10000)}
	s.Every = every
	s.Trouble = func(err error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.odd = append(s.odd, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, func(path string) { s.told <- path }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	return s
}

// ready waits until the watches stand: a file of its own, changed until somebody says so.
func (s *started) ready(files ...string) {
	s.t.Helper()
	probe := filepath.Join(s.t.TempDir(), "probe")
	s.Set(append(files, probe))
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); {
		write(s.t, probe, time.Now().String())
		select {
		case path := <-s.told:
			if path == probe {
				s.Set(files)
				return
			}
		case <-time.After(10 * time.Millisecond):
		}
	}
	s.t.Fatal("the watch never began")
}

func (s *started) wait(path string) {
	s.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		select {
		case told := <-s.told:
			if told == path {
				return
			}
		case <-deadline:
			s.t.Fatalf("nobody told that %s changed", path)
		}
	}
}

func (s *started) trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(errors.Join(s.odd...))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
