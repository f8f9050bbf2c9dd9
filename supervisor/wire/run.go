package wire

import (
	"cmp"
	"context"
	"net"
	"sync"
)

// task is one thing that is done on a link.
type task struct {
	kind kind
	Ear
}

type kind int

const (
	listens  kind = iota // below the firewall, to all families
	receives             // behind it
	asks
)

func (t task) compare(u task) int {
	flag := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(t.Link, u.Link), cmp.Compare(t.kind, u.kind), cmp.Compare(flag(t.IPv6), flag(u.IPv6)),
		cmp.Compare(flag(t.Authenticated), flag(u.Authenticated)))
}

// tasks are what a wish takes.
func (w Wish) tasks() map[task]bool {
	out := map[task]bool{}
	for _, e := range w.Hear {
		if validLink(e.Link) {
			out[task{listens, Ear{Link: e.Link}}], out[task{receives, e}] = true, true
		}
	}
	for _, q := range w.Ask {
		if validLink(q.Link) && validAddress(q.Address) {
			out[task{asks, Ear{Link: q.Link, IPv6: q.Address.Is6()}}] = true
		}
	}
	return out
}

// look begins what is wished for and ends what is not. What has failed, or stands on a link that was made anew since, begins again.
func (s *session) look(ctx context.Context) {
	wanted, links := s.wish.tasks(), indexes{}
	for t, r := range s.ears {
		if !wanted[t] {
			r.cancel()
			delete(s.ears, t)
		} else if r.over() || r.index != links.of(t.Link) {
			r.cancel()
			s.ears[t] = s.start(ctx, t, links.of(t.Link), r.trouble())
		} else {
			r.lasted()
		}
	}
	for t := range wanted {
		if s.ears[t] == nil {
			s.ears[t] = s.start(ctx, t, links.of(t.Link), nil)
		}
	}
}

func (s *session) silence() {
	for _, r := range s.ears {
		r.cancel()
	}
}

// indexes asks for each link once.
type indexes map[string]int

func (x indexes) of(link string) int {
	index, known := x[link]
	if !known {
		if iface, err := net.InterfaceByName(link); err == nil {
			index = iface.Index
		}
		x[link] = index
	}
	return index
}

// run is a task at work.
type run struct {
	index  int // of the link when it began
	cancel context.CancelFunc
	orders chan order

	mu    sync.Mutex
	ended bool
	err   error // why it ended, or why the one before it did, until this one has lasted from one look to the next
}

func (r *run) finish(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended, r.err = true, err
}

func (r *run) lasted() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		r.err = nil
	}
}

func (r *run) over() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ended
}

func (r *run) trouble() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// order hands one in, unless those before it are still there: the next round has it again.
func (r *run) order(o order) {
	select {
	case r.orders <- o:
	default:
	}
}

func (s *session) start(ctx context.Context, t task, index int, before error) *run {
	ctx, cancel := context.WithCancel(ctx)
	r := &run{index: index, cancel: cancel, err: before, orders: make(chan order, 2*mostQuestions)}
	go func() { r.finish(s.do(ctx, t, r)) }()
	return r
}

func (s *session) do(ctx context.Context, t task, r *run) error {
	switch t.kind {
	case listens:
		return s.links.listen(ctx, t.Link, s.found.heard)
	case receives:
		return s.links.receive(ctx, t.Link, t.IPv6, t.Authenticated, s.found.received)
	default:
		return s.links.ask(ctx, t.Link, t.IPv6, r.orders, s.found.claimed)
	}
}

// links is what is done on links; tests have none.
type links struct {
	listen  func(ctx context.Context, link string, emit func(Heard)) error
	receive func(ctx context.Context, link string, ipv6, authenticated bool, emit func(Heard)) error
	ask     func(ctx context.Context, link string, ipv6 bool, orders <-chan order, emit func(Claim)) error
}
