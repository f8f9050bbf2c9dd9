package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const lockPoll = 20 * time.Millisecond

// lock makes this the only apply of the host. It waits until ctx ends, then refuses with the name of who holds it.
func lock(ctx context.Context, name, holder string) (unlock func(), err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open the lock file: %w", err)
	}
	if err := waitFor(ctx, f); err != nil {
		f.Close()
		return nil, err
	}
	// For a person and for the next refusal only: flock(2) alone decides.
	if err := f.Truncate(0); err == nil {
		_, _ = f.WriteAt([]byte(holder), 0)
	}
	return func() {
		_ = f.Truncate(0)
		// Closing alone is not enough: a child that is between fork and exec has the lock open as well.
		_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
		f.Close()
	}, nil
}

func waitFor(ctx context.Context, f *os.File) error {
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return fmt.Errorf("cannot lock %q: %w", f.Name(), err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return hinted{fmt.Errorf("cannot lock %q: another apply runs: %s", f.Name(), heldBy(f)),
				"wait for it to end, or see what it waits for"}
		}
	}
}

func heldBy(f *os.File) string {
	buf := make([]byte, 200)
	n, _ := f.ReadAt(buf, 0)
	if who := strings.TrimSpace(string(buf[:n])); who != "" {
		return who
	}
	return "it has not said who it is"
}

// lock takes the engine's own lock.
func (e *Engine) lock(ctx context.Context, request string) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, e.LockWait)
	defer cancel()
	holder := fmt.Sprintf("process %d, %s, since %s", os.Getpid(), request, e.Now().UTC().Format(time.RFC3339))
	return lock(ctx, filepath.Join(e.StateDir, "lock"), holder)
}
