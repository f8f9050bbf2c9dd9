package keepalived

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// follower hears a FIFO until it is told to stop.
func follower(t *testing.T, path string) (said chan Transition, stop func()) {
	t.Helper()
	said = make(chan Transition, 10_000)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- FIFO{Path: path}.Run(ctx, func(n Transition) { said <- n }) }()
	return said, func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func next(t *testing.T, said <-chan Transition) Transition {
	t.Helper()
	select {
	case n := <-said:
		return n
	case <-time.After(15 * time.Second):
		t.Fatal("nothing was heard")
		return Transition{}
	}
}

// keepalivedsEnd is the FIFO as keepalived has it open: for reading too, so that nothing that it wrote is lost with a reader.
func keepalivedsEnd(t *testing.T) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// What keepalived wrote while nobody read is marked, and nothing that it writes afterwards is.
func TestReaderThatWasAway(t *testing.T) {
	file := keepalivedsEnd(t)
	for _, state := range []string{"BACKUP", "MASTER"} {
		fmt.Fprintf(file, "INSTANCE \"a\" %s 1\n", state)
	}
	said, stop := follower(t, file.Name())
	for _, want := range []string{"BACKUP", "MASTER"} {
		if n := next(t, said); n.State != want || !n.Old {
			t.Errorf("got %+v, want an old %s", n, want)
		}
	}
	fmt.Fprint(file, "INSTANCE \"a\" FAULT 1\n")
	if n := next(t, said); n.State != Fault || n.Old {
		t.Errorf("got %+v, want a new FAULT", n)
	}
	stop()
}

// After an hour of flapping the FIFO is full: the oldest is there, the newest found no room. Reading makes room again.
func TestReaderThatWasAwayForLong(t *testing.T) {
	file := keepalivedsEnd(t)
	raw, err := file.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	written := 0
	_ = raw.Write(func(fd uintptr) bool {
		for err == nil {
			if _, err = syscall.Write(int(fd), fmt.Appendf(nil, "INSTANCE \"a\" BACKUP %d\n", written%256)); err == nil {
				written++
			}
		}
		return true
	})
	if !errors.Is(err, syscall.EAGAIN) || written < 1000 {
		t.Fatalf("wrote %d lines, then %v", written, err)
	}
	said, stop := follower(t, file.Name())
	for i := range written {
		if n := next(t, said); !n.Old || n.Priority != i%256 {
			t.Fatalf("line %d: got %+v", i, n)
		}
	}
	fmt.Fprint(file, "INSTANCE \"a\" MASTER 1\n")
	if n := next(t, said); n.State != Master || n.Old {
		t.Errorf("got %+v, want a new MASTER", n)
	}
	stop()
}

// Half a line, left by a keepalived that was killed as it wrote, costs the line that comes behind it and no more.
func TestHalfALine(t *testing.T) {
	file := keepalivedsEnd(t)
	fmt.Fprint(file, "INSTANCE \"a\" MAS")
	said, stop := follower(t, file.Name())
	fmt.Fprint(file, "INSTANCE \"a\" BACKUP 1\nINSTANCE \"a\" FAULT 2\n")
	if n := next(t, said); n.Name == "a" {
		t.Errorf("got %+v of a line that is none", n)
	}
	if n := next(t, said); n.Name != "a" || n.State != Fault {
		t.Errorf("got %+v, want FAULT", n)
	}
	stop()
}
