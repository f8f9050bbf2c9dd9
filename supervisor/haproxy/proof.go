package haproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"
)

// prove waits for a new worker that answers. One that ends before, though HAProxy's check has found its configuration good, takes the master with it, and
// systemd starts both again.
func (r Reloader) prove(ctx context.Context, before Processes, digest string) (Processes, int, error) {
	for died := 1; ; died++ {
		after, worker, err := r.await(ctx, before)
		if err == nil {
			err = r.confirm(ctx, worker, digest)
		}
		if !errors.Is(err, errDied) {
			return after, worker, err
		}
		if died == mostDie {
			return after, 0, &ReloadError{Failure: Unproven, Words: fmt.Sprintf("%d new workers have ended as soon as they ran", died)}
		}
	}
}

// errDied is a new worker that is not there any more.
var errDied = errors.New("it has ended")

// await asks for the processes until a worker is there that was not before.
func (r Reloader) await(ctx context.Context, before Processes) (Processes, int, error) {
	var kept, ended time.Time
	last := "no new worker appeared"
	for {
		after, err := r.Master.Processes(ctx)
		ended = since(ended, absent(err) && gone(before.Master.PID))
		if ctx.Err() != nil {
			// that time is up says less than what came before
		} else if err != nil {
			if last = err.Error(); !ended.IsZero() && time.Since(ended) >= away {
				return after, 0, &ReloadError{Failure: Unproven, Words: "HAProxy has ended and is not back: " + last}
			}
		} else if worker := newWorker(before, after); worker != 0 {
			return after, worker, nil
		} else if after.Master.Failed > before.Master.Failed {
			return after, 0, &ReloadError{Failure: Rejected, Words: "HAProxy counts a failed reload; its log says why"}
		} else if kept = since(kept, idle(before, after)); !kept.IsZero() && time.Since(kept) >= settled {
			return after, 0, &ReloadError{Failure: Rejected, Words: "HAProxy kept its old worker; its log says why"}
		}
		if !wait(ctx, pause) {
			return after, 0, &ReloadError{Failure: Unproven, Words: last}
		}
	}
}

// gone tells that a process has ended. A master that executes itself again has no socket either until it has read its configuration, however long
// that takes.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// newWorker returns the PID of a worker that serves and was no worker before, or 0.
func newWorker(before, after Processes) int {
	for _, row := range after.Workers {
		if !before.has(row.PID) {
			return row.PID
		}
	}
	return 0
}

// idle reports whether the master has been through a reload and has no new worker to show for it: what 2.2 and 2.4, which
// count no failures, do with a configuration that they refuse.
func idle(before, after Processes) bool {
	return after.Master.PID == before.Master.PID && after.Master.Reloads > before.Master.Reloads
}

// since keeps the time at which a condition began to hold, zero while it does not.
func since(began time.Time, holds bool) time.Time {
	if !holds {
		return time.Time{}
	}
	if began.IsZero() {
		return time.Now()
	}
	return began
}

// confirm asks the runtime API until the new worker is the one that answers, and compares what it says it runs.
func (r Reloader) confirm(ctx context.Context, worker int, digest string) error {
	last := fmt.Sprintf("the new worker %d has not answered", worker)
	for {
		info, err := r.Runtime.Info(ctx)
		switch {
		case ctx.Err() != nil:
			// that time is up says less than what came before
		case err != nil:
			last = err.Error()
		case info.PID != worker:
			last = fmt.Sprintf("process %d answers on the runtime API instead of the new worker %d", info.PID, worker)
		case digest != "" && !slices.Contains(strings.Fields(info.Description), digest):
			words := fmt.Sprintf("worker %d runs %q, not %q", worker, info.Description, digest)
			return &ReloadError{Failure: Mismatched, Words: words}
		default:
			return nil
		}
		if now, err := r.Master.Processes(ctx); err == nil && !now.has(worker) {
			return errDied
		}
		if !wait(ctx, pause) {
			return &ReloadError{Failure: Unproven, Words: last}
		}
	}
}

// wait returns false when ctx ended before the time had passed.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
