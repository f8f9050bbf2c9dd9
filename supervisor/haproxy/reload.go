package haproxy

import (
	"context"
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
	away    = 10 * time.Second       // how long a master that has ended in the middle of a reload may stay so: systemd starts it again
	longest = time.Minute            // a reload whose context sets no deadline
	mostDie = 3                      // new workers that may end before one answers: systemd starts HAProxy again and again
)

// Reload reloads HAProxy and returns when a new worker answers with the digest in its description (any description if digest
// is ""), when HAProxy has refused, or when ctx ends. The answer to "reload" is empty before HAProxy 2.7 and says nothing
// about binds on any version, so a worker's PID that was not there before is what is looked for. Errors are *ReloadError.
func (r Reloader) Reload(ctx context.Context, digest string) (Proof, error) {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	started := time.Now()
	before, answer, err := r.send(ctx)
	for err == nil && answer.busy() && wait(ctx, pause) {
		b, a, e := r.send(ctx)
		if ctx.Err() != nil {
			break // that time is up says less than what came before
		}
		before, answer, err = b, a, e
	}
	if err != nil {
		return Proof{}, err
	}
	if answer.Outcome == Refused {
		return Proof{}, &ReloadError{Failure: Rejected, Words: answer.Words}
	}
	after, worker, err := r.prove(ctx, before, digest)
	if err != nil {
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
