package haproxy

import (
	"context"
)

// process is one process whose end is watched.
type process struct {
	pid    int
	end    <-chan struct{} // nil: there is no means to watch it
	heeded bool            // its end has been acted upon
	stop   context.CancelFunc
}

func (p *process) life() life {
	if p.end == nil {
		return unknown
	}
	select {
	case <-p.end:
		return ended
	default:
		return alive
	}
}

// notice is the channel to wait on, nil once the end has been heeded.
func (p *process) notice() <-chan struct{} {
	if p.heeded {
		return nil
	}
	return p.end
}

// follow watches another process than before. One that cannot be watched is only unknown: its death is then seen by its
// socket.
func (p *process) follow(ctx context.Context, pid int, exited func(context.Context, int) (<-chan struct{}, error)) {
	p.leave()
	ctx, stop := context.WithCancel(ctx)
	end, err := exited(ctx, pid)
	if err != nil {
		stop()
		end, stop = nil, nil
	}
	*p = process{pid: pid, end: end, stop: stop}
}

// blind gives up on watching the end of a process that answers after it: it is one of another PID namespace.
func (p *process) blind() {
	p.end = nil
}

func (p *process) leave() {
	if p.stop != nil {
		p.stop()
	}
	*p = process{}
}
