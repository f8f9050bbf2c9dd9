package peers

import (
	"net"
	"net/netip"
	"sync"

	"github.com/lbsup/lbsup/render/cluster"
)

// share is how many connections one peer may have: the one that it uses, and those that it lost and that have not ended yet.
const share = 4

// gate is a listener that lets in peers alone, each with a few connections. Nodes connect from their own address, so
// others need not even be shown a certificate.
type gate struct {
	net.Listener

	mu   sync.Mutex
	from map[netip.Addr]int // of each peer
}

func newGate(l net.Listener, nodes []cluster.Node) *gate {
	g := &gate{Listener: l, from: map[netip.Addr]int{}}
	for _, n := range nodes {
		g.from[n.Address.Unmap()] = 0
	}
	return g
}

// Accept hangs up on everybody else.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
		from := at.Addr().Unmap()
		if err != nil || !g.enter(from) {
			_ = conn.Close()
			continue
		}
		return &guest{Conn: conn, leave: sync.OnceFunc(func() { g.exit(from) })}, nil
	}
}

func (g *gate) enter(from netip.Addr) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	here, known := g.from[from]
	if !known || here >= share {
		return false
	}
	g.from[from]++
	return true
}

func (g *gate) exit(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.from[from]--
}

// guest is a connection that was let in.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}
