package peers

import (
	"context"
	"sync"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// How often peers are asked, how long they may take, and how often a port that is taken is tried again.
const (
	every    = time.Second
	patience = time.Second
	retry    = 5 * time.Second
)

// Exchange tells peers of this node and hears of them. What goes wrong ends nothing: it is told by Trouble and in each Peer.
type Exchange struct {
	tell   func() status.Summary
	recall Recall
	clock  func() time.Time
	next   chan Settings // the newest replaces one that was not taken yet
	asking chan struct{} // held while peers are asked what they have on record

	mu      sync.Mutex
	listens string // why nobody can ask this node
	proves  string // what is wrong with what it proves itself with
	peers   []status.Peer
	id      *identity // nil: the exchange is off
}

// New returns an exchange that does nothing until it is told with whom. Tell says what this node has to tell, recall what
// it has on record.
func New(tell func() status.Summary, recall Recall, clock func() time.Time) *Exchange {
	return &Exchange{tell: tell, recall: recall, clock: clock, next: make(chan Settings, 1), asking: make(chan struct{}, 1)}
}

// Replace says with whom from now on. It never blocks; it has one caller.
func (x *Exchange) Replace(with Settings) {
	select {
	case <-x.next:
	default:
	}
	x.next <- with
}

// Peers are the other nodes, in the order of the cluster file; none when the exchange is off.
func (x *Exchange) Peers() []status.Peer {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]status.Peer(nil), x.peers...)
}

// Trouble says what keeps this node from talking with anybody, "" when nothing does.
func (x *Exchange) Trouble() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.proves != "" {
		return x.proves
	}
	return x.listens
}

// Run talks until ctx ends.
func (x *Exchange) Run(ctx context.Context) error {
	var now Settings
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case <-ctx.Done():
			return nil
		case with := <-x.next:
			if with.same(now) {
				continue
			}
			now = with
			stop()
			stop = x.start(ctx, now)
		}
	}
}

// start talks with the nodes of some settings until stop is called.
func (x *Exchange) start(ctx context.Context, s Settings) (stop func()) {
	id := x.meet(s)
	if id == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	a := &answers{tell: x.tell, recall: x.recall, clock: x.clock}
	all.Go(func() { x.answer(ctx, id, a) })
	for i, peer := range s.Peers {
		all.Go(func() { x.ask(ctx, id, i, peer) })
	}
	return func() { cancel(); all.Wait() }
}

// meet forgets everybody and begins with those that the settings name.
func (x *Exchange) meet(s Settings) *identity {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.listens, x.proves, x.peers, x.id = "", "", nil, nil
	if s.off() {
		return nil
	}
	x.id = &identity{settings: s, clock: x.clock}
	for _, n := range s.Peers {
		x.peers = append(x.peers, status.Peer{Node: n.Name, Address: n.Address.String()})
	}
	return x.id
}

// answer lets peers ask, and tries again where that cannot be.
func (x *Exchange) answer(ctx context.Context, id *identity, a *answers) {
	for ctx.Err() == nil {
		l, err := listen(id.settings)
		x.note(&x.listens, words(err))
		if err == nil {
			x.note(&x.listens, words(serve(ctx, l, id, a)))
		}
		select {
		case <-ctx.Done():
		case <-time.After(retry):
		}
	}
}

func (x *Exchange) note(where *string, what string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	*where = what
}

// ask asks one peer until ctx ends.
func (x *Exchange) ask(ctx context.Context, id *identity, i int, peer cluster.Node) {
	q := newQuestion(id, peer)
	defer q.forget()
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for turn := 1; ; turn++ {
		if turn%int(renew/every) == 0 {
			q.forget()
		}
		x.note(&x.proves, words(id.trouble()))
		asking, cancel := context.WithTimeout(ctx, patience)
		h, err := q.ask(asking)
		cancel()
		if ctx.Err() != nil {
			return
		}
		x.hear(i, h, err)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// hear notes an answer, or that there is none. What was told before stays: it says what was, and since when nothing new came.
func (x *Exchange) hear(i int, h heard, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	p := &x.peers[i]
	now := x.clock()
	first := p.Since.IsZero()
	if first || (p.Trouble == "") != (err == nil) {
		p.Since = now
	}
	p.Trouble = words(err)
	if err == nil {
		p.Heard, p.Summary, p.Skew, p.Within = h.at, &h.summary, h.skew.Seconds(), h.within.Seconds()
	}
}
