package haproxy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// await asks for the processes until a worker is there that was not before.
func (r Reloader) await(ctx context.Context, before Processes) (Processes, int, error) {
	var kept time.Time
	last := "no new worker appeared"
	for {
		after, err := r.Master.Processes(ctx)
		if ctx.Err() != nil {
			// that time is up says less than what came before
		} else if err != nil {
			last = err.Error()
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
