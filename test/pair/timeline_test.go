package pair

import (
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/lbsup/lbsup/test/lab"
)

// move is a VIP that came to a node or went.
type move struct {
	at    time.Time
	node  string
	holds bool
}

// timeline is who held a VIP when. The kernels tell it themselves, so that no moment falls between two looks.
type timeline struct {
	vip  netip.Addr
	done chan struct{}

	mu    sync.Mutex
	moves []move
}

// follow records a VIP of the pair until the test ends.
func (p *pair) follow(t *testing.T, vip netip.Addr) *timeline {
	t.Helper()
	l := &timeline{vip: vip, done: make(chan struct{})}
	t.Cleanup(func() { close(l.done) })
	for _, node := range p.nodes() {
		l.attach(t, node)
	}
	return l
}

// attach listens to the kernel of a node. After a boot that is another one.
func (l *timeline) attach(t *testing.T, n *lab.Node) {
	t.Helper()
	namespace, err := netns.GetFromPid(n.PID(1))
	if err != nil {
		t.Fatal(err)
	}
	defer namespace.Close()
	updates := make(chan netlink.AddrUpdate, 64)
	options := netlink.AddrSubscribeOptions{Namespace: &namespace, ErrorCallback: func(err error) {
		select {
		case <-l.done:
		default:
			t.Errorf("%s: cannot listen to the kernel: %v", n.Name, err)
		}
	}}
	if err := netlink.AddrSubscribeWithOptions(updates, l.done, options); err != nil {
		t.Fatal(err)
	}
	// Not ListExisting: the library sends that question to the whole group, and keepalived wonders.
	if has(t, n, l.vip) {
		l.add(move{time.Now(), n.Name, true})
	}
	go func() {
		for u := range updates {
			if addr, ok := netip.AddrFromSlice(u.LinkAddress.IP); ok && addr.Unmap() == l.vip {
				l.add(move{time.Now(), n.Name, u.NewAddr})
			}
		}
	}()
}

func (l *timeline) add(m move) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.moves = append(l.moves, m)
}

// now is what is known up to now. The kernel repeats itself: only what changed counts.
func (l *timeline) now() story {
	l.mu.Lock()
	defer l.mu.Unlock()
	holds := map[string]bool{}
	s := story{until: time.Now()}
	for _, m := range l.moves {
		if holds[m.node] != m.holds {
			holds[m.node] = m.holds
			s.moves = append(s.moves, m)
		}
	}
	return s
}
