package health

import (
	"net"
	"slices"
	"sync"
)

// gate lets in as many connections as its limit. When one more comes, the user with the most connections loses the
// oldest of them: whoever floods the socket only drives out himself, and a newcomer is always let in.
type gate struct {
	net.Listener
	limit int
	user  func(net.Conn) int

	mu     sync.Mutex
	guests []*guest      // the oldest first
	empty  chan struct{} // made by left, closed when there are no guests
}

// guest is a connection that was let in.
type guest struct {
	net.Conn
	gate *gate
	user int
}

// Accept lets the next connection in.
func (g *gate) Accept() (net.Conn, error) {
	conn, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	newcomer := &guest{Conn: conn, gate: g, user: g.user(conn)}
	if out := g.admit(newcomer); out != nil {
		_ = out.Conn.Close()
	}
	return newcomer, nil
}

// admit returns the guest that has to go, if one has.
func (g *gate) admit(newcomer *guest) (out *guest) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.guests = append(g.guests, newcomer)
	if len(g.guests) <= g.limit {
		return nil
	}
	i := greediest(g.guests)
	out = g.guests[i]
	g.guests = slices.Delete(g.guests, i, i+1)
	return out
}

// greediest is the place of the oldest guest among those of the user with the most.
func greediest(guests []*guest) int {
	count := map[int]int{}
	for _, one := range guests {
		count[one.user]++
	}
	oldest := 0
	for i, one := range guests {
		if count[one.user] > count[guests[oldest].user] {
			oldest = i
		}
	}
	return oldest
}

// Close makes room for another.
func (one *guest) Close() error {
	g := one.gate
	g.mu.Lock()
	if i := slices.Index(g.guests, one); i >= 0 {
		g.guests = slices.Delete(g.guests, i, i+1)
		g.tell()
	}
	g.mu.Unlock()
	return one.Conn.Close()
}

// left returns a channel that is closed when the last guest has gone. It is called once, when nobody is let in any more.
func (g *gate) left() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	empty := make(chan struct{})
	g.empty = empty
	g.tell()
	return empty
}

func (g *gate) tell() {
	if g.empty != nil && len(g.guests) == 0 {
		close(g.empty)
		g.empty = nil
	}
}
