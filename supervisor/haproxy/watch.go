package haproxy

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// Watch is the built-in haproxy check. It asks the worker each Interval and, the moment that the worker's or the master's
// process ends, at once: another worker that answers was a reload, nobody is death. It never asks through the master, which
// unanswered questions would lock.
type Watch struct {
	Runtime  Runtime
	Interval time.Duration
	Timeout  time.Duration
	// Exited returns a channel that is closed when a process has ended.
	Exited func(ctx context.Context, pid int) (<-chan struct{}, error)
	// Parent returns the parent of a process: the master of a worker. It may be nil.
	Parent func(pid int) (int, error)
	// Again has the worker asked at once. It may be nil.
	Again <-chan struct{}
}

// Observation is one result of the check and what the worker that answered said of itself, if one did.
type Observation struct {
	Result checks.Result
	Info   Info
}

// round is the state of one Run.
type round struct {
	Watch
	memory memory
	worker process
	master process
	next   time.Time // when the interval wants the next question
}

// Run watches until ctx ends, which is no error.
func (w Watch) Run(ctx context.Context, emit func(Observation)) error {
	r := round{Watch: w}
	defer r.worker.leave()
	defer r.master.leave()
	for ctx.Err() == nil {
		found := r.look(ctx)
		if ctx.Err() != nil {
			break
		}
		var said opinion
		if r.memory, said = r.memory.judge(found, w.Interval); said.emit {
			emit(Observation{Result: said.result, Info: found.info})
		}
		if found.err == nil && !found.info.Stopping {
			r.follow(ctx, found)
		}
		r.wait(ctx, said.pause)
	}
	return nil
}

// look asks the worker once. After the end of a process too the answer has the whole Timeout: a loaded host is slow with a
// new worker, and a socket without a listener refuses at once in any case.
func (r *round) look(ctx context.Context) finding {
	f := finding{timeout: r.Timeout}
	began := time.Now()
	r.next = began.Add(r.Interval)
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	f.info, f.err = r.Runtime.Info(ctx)
	f.at = time.Now()
	f.took = f.at.Sub(began)
	f.worker, f.master = r.worker.life(), r.master.life()
	return f
}

// follow watches the processes behind an answer.
func (r *round) follow(ctx context.Context, f finding) {
	pid := f.info.PID
	if pid == r.worker.pid {
		if f.worker == ended && r.worker.heeded {
			r.worker.blind()
		}
		return
	}
	r.worker.follow(ctx, pid, r.Exited)
	if r.Parent == nil {
		return
	}
	parent, err := r.Parent(pid)
	if err != nil || parent <= 1 {
		// No master: without -W the worker is a child of whatever started it, and in the end of PID 1.
		r.master.leave()
	} else if parent != r.master.pid {
		r.master.follow(ctx, parent, r.Exited)
	}
}

// wait returns when it is time to ask again: after the pause, when a watched process ends, or when somebody wants to know.
func (r *round) wait(ctx context.Context, pause time.Duration) {
	if pause == onTime {
		pause = time.Until(r.next)
	}
	timer := time.NewTimer(max(pause, 0))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-r.worker.notice():
		r.worker.heeded = true
	case <-r.master.notice():
		r.master.heeded = true
	case <-r.Again:
	case <-timer.C:
	}
}
