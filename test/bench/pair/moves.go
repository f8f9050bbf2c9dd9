package pair

import (
	"fmt"
	"sync"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"

	"github.com/lbsup/lbsup/test/lab"
)

// Move is the VIP coming to a node or leaving it, as that node's kernel tells.
type Move struct {
	At   time.Time
	Node string
	Here bool
}

// Watch writes down every move of the VIP. The kernel pushes them, so that nothing is missed between two looks and no look costs time that is
// measured.
type Watch struct {
	done chan struct{}

	mu    sync.Mutex
	moves []Move
}

// Watch begins on all nodes whose power is on.
func (p *Pair) Watch() (*Watch, error) {
	w := &Watch{done: make(chan struct{})}
	for _, node := range p.Lab.Nodes {
		if err := w.node(node); err != nil {
			w.Stop()
			return nil, err
		}
	}
	return w, nil
}

func (w *Watch) node(node *lab.Node) error {
	pid := node.PID(1)
	if pid == 0 {
		return fmt.Errorf("cannot watch %q: its power is off", node.Name)
	}
	namespace, err := netns.GetFromPid(pid)
	if err != nil {
		return fmt.Errorf("cannot watch %q: %v", node.Name, err)
	}
	defer namespace.Close()
	updates := make(chan netlink.AddrUpdate, 64)
	options := netlink.AddrSubscribeOptions{Namespace: &namespace, ErrorCallback: func(error) {}} // a host that loses its power ends it
	if err := netlink.AddrSubscribeWithOptions(updates, w.done, options); err != nil {
		return fmt.Errorf("cannot watch %q: %v", node.Name, err)
	}
	go func() {
		for update := range updates {
			if update.LinkAddress.IP.Equal(VIP.AsSlice()) {
				w.add(Move{At: time.Now(), Node: node.Name, Here: update.NewAddr})
			}
		}
	}()
	return nil
}

func (w *Watch) add(m Move) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.moves = append(w.moves, m)
}

// Moves are those seen so far.
func (w *Watch) Moves() []Move {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Move(nil), w.moves...)
}

// Landed is when the VIP first came to a node after a time; zero if it did not.
func (w *Watch) Landed(after time.Time) time.Time {
	for _, move := range w.Moves() {
		if move.Here && move.At.After(after) {
			return move.At
		}
	}
	return time.Time{}
}

// Stop ends the watch. What was seen stays.
func (w *Watch) Stop() { close(w.done) }
