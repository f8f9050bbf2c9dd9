package supervisor

import (
	"context"
	"sync"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/probe"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/kernel"
	"github.com/lbsup/lbsup/supervisor/state"
)

// probes runs one goroutine for each check of the installed cluster file. A new file ends them and starts its own.
type probes struct {
	node *node
	next chan *cluster.Local // the newest one replaces one that was not taken yet

	mu    sync.Mutex
	again []waker // guarded by mu
}

func newProbes(n *node) *probes { return &probes{node: n, next: make(chan *cluster.Local, 1)} }

// replace hands over what is to be probed from now on. It never blocks; only the owner loop calls it.
func (p *probes) replace(local *cluster.Local) {
	select {
	case <-p.next:
	default:
	}
	p.next <- local
}

// waker has one check ask at once.
type waker struct {
	kind  checks.Kind
	again chan struct{}
}

// lookAgain has every check ask at once.
func (p *probes) lookAgain() { p.wake(func(checks.Kind) bool { return true }) }

// serversChanged has every check of a backend ask at once: HAProxy has told of a server that went up or down.
func (p *probes) serversChanged() {
	p.wake(func(k checks.Kind) bool { return k == checks.KindBackend })
}

func (p *probes) wake(which func(checks.Kind) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, w := range p.again {
		if which(w.kind) {
			signal(w.again)
		}
	}
}

func (p *probes) run(ctx context.Context) error {
	stop := func() {}
	for {
		select {
		case <-ctx.Done():
			stop()
			return nil
		case local := <-p.next:
			stop()
			stop = p.start(ctx, local)
		}
	}
}

// start returns a function that ends what it started and waits for the end: a late result of an old check must not be
// taken for one of a new check with its name.
func (p *probes) start(ctx context.Context, local *cluster.Local) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	p.forget()
	var all sync.WaitGroup
	watch := func(name string, f func(context.Context) error) {
		all.Go(func() {
			if err := f(ctx); err != nil {
				p.node.Log.Error().Err(err).Str("check", name).Msg("cannot go on checking")
			}
		})
	}
	for _, def := range local.Checks {
		if f := p.probe(def); f != nil {
			watch(def.Name, f)
		}
	}
	servers := pools{counter: &haproxy.Counter{Runtime: p.node.runtime}, local: local}
	for _, defs := range together(local.Checks) {
		watch(defs[0].Name, p.backends(defs, servers))
	}
	return func() { cancel(); all.Wait() }
}

// probe returns what looks after one check, nil for a check that only combines others, or that shares a question.
func (p *probes) probe(def checks.Definition) func(context.Context) error {
	n := p.node
	switch def.Probe.Kind {
	case checks.KindAny, checks.KindAll, checks.KindBackend:
		return nil
	case checks.KindHAProxy:
		w := haproxy.Watch{
			Runtime: n.runtime, Interval: def.Interval, Timeout: def.Timeout, Exited: kernel.Exit, Parent: kernel.Parent, Again: p.remember(def),
		}
		return func(ctx context.Context) error {
			return w.Run(ctx, func(o haproxy.Observation) { n.observed(ctx, o) })
		}
	default:
		return func(ctx context.Context) error {
			f, err := probe.New(def)
			if err != nil {
				return err
			}
			return probe.Run(ctx, def, f, p.remember(def), func(r checks.Result) { n.loop.send(ctx, state.Probed{At: state.At(r.At), Result: r}) })
		}
	}
}

// remember returns what tells a check to look at once.
func (p *probes) remember(def checks.Definition) <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	again := make(chan struct{}, 1)
	p.again = append(p.again, waker{def.Probe.Kind, again})
	return again
}

func (p *probes) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.again = nil
}

// signal makes sure that a signal waits in the channel, which has room for one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
