package haproxy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Reloader reloads HAProxy and brings the proof that it took effect.
type Reloader struct {
	Master  Master
	Runtime Runtime
}

// Proof is what shows that a reload took effect: a worker that was not there before answers on the runtime API.
type Proof struct {
	Worker    int
	Previous  []int // the workers that served before
	Restarted bool  // another master than before answers: HAProxy was restarted meanwhile, not reloaded
	Took      time.Duration
}

// Pace of the questions while a reload is waited for.
const (
	pause   = 10 * time.Millisecond
	settled = 500 * time.Millisecond // how long a reload without a new worker must stay so before it counts as failed
	absence = 5 * time.Second        // how long the master's socket may be absent after a start
	longest = time.Minute            // a reload whose context sets no deadline
)

// Reload reloads HAProxy and returns when a new worker answers with the digest in its description (any description if digest
// is ""), when HAProxy has refused, or when ctx ends. The answer to "reload" is empty before HAProxy 2.7 and says nothing
// about binds on any version, so a worker's PID that was not there before is what is looked for. Errors are *ReloadError.
func (r Reloader) Reload(ctx context.Context, digest string) (Proof, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	started := time.Now()
	before, answer, err := r.send(ctx)
	if err != nil {
		return Proof{}, err
	}
	if answer.Outcome == Refused {
		return Proof{}, &ReloadError{Failure: Rejected, Words: answer.Words}
	}
	after, worker, err := r.await(ctx, before)
	if err != nil {
		return Proof{}, err
	}
	if err := r.confirm(ctx, worker, digest); err != nil {
		return Proof{}, err
	}
	return Proof{
		Worker: worker, Previous: pids(before.Workers), Restarted: after.Master.PID != before.Master.PID,
		Took: time.Since(started),
	}, nil
}

// send asks for the processes and then for the reload, until the master takes both: its socket may be absent or refuse right
// after a start, while the runtime API answers already, and during a reload that somebody else asked for.
func (r Reloader) send(ctx context.Context) (Processes, Answer, error) {
	limit, cancel := context.WithTimeout(ctx, absence)
	defer cancel()
	var last error
	for {
		before, err := r.Master.Processes(limit)
		if limit.Err() != nil && last != nil {
			return before, Answer{}, unreached(last) // that time is up says less
		}
		if err == nil {
			var answer Answer
			if answer, err = r.Master.Reload(ctx); err == nil {
				return before, answer, nil
			}
			if !unsent(err) {
				return before, answer, &ReloadError{Failure: Unproven, Words: err.Error()}
			}
		}
		if last = err; !absent(err) || !wait(limit, pause) {
			return before, Answer{}, unreached(err)
		}
	}
}

func unreached(err error) *ReloadError {
	if silent(err) {
		return &ReloadError{Failure: Silent, Words: err.Error()}
	}
	return &ReloadError{Failure: Unreachable, Words: err.Error()}
}

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
