package page

import (
	"net"
	"net/netip"
	"sync"
)

// crowd is a listener that lets nobody take all the connections.
type crowd struct {
	net.Listener
	total, share int

	mu   sync.Mutex
	all  int
	from map[netip.Addr]int
}

func newCrowd(l net.Listener, lim limits) *crowd {
	return &crowd{Listener: l, total: lim.total, share: lim.share, from: map[netip.Addr]int{}}
}

// Accept hangs up on who is too many: to let him wait would make the others wait behind him.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := addressOf(conn)
		if !c.enter(from) {
			_ = conn.Close()
			continue
		}
		return &member{Conn: conn, leave: sync.OnceFunc(func() { c.exit(from) })}, nil
	}
}

func addressOf(conn net.Conn) netip.Addr {
	at, err := netip.ParseAddrPort(conn.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func (c *crowd) enter(from netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.total || c.from[from] >= c.share {
		return false
	}
	c.all++
	c.from[from]++
	return true
}

func (c *crowd) exit(from netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.from[from]--; c.from[from] == 0 {
		delete(c.from, from)
	}
}

// member is a connection that was let in.
type member struct {
	net.Conn
	leave func()
}

func (m *member) Close() error {
	m.leave()
	return m.Conn.Close()
}
