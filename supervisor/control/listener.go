package control

import (
	"net"
	"sync"

	"github.com/rs/zerolog"
)

// guarded is a listener that knows who connected and lets nobody take all the connections. A user beyond his
// share is hung up on at once: waiting would make the others wait behind him.
type guarded struct {
	net.Listener
	share int // connections of one user
	total int // connections of all users but root, who must get through when something is wrong
	log   zerolog.Logger

	mu     sync.Mutex
	open   map[uint32]int
	others int // connections of everybody but root
}

func guard(l net.Listener, share, total int, log zerolog.Logger) *guarded {
	return &guarded{Listener: l, share: share, total: total, log: log, open: map[uint32]int{}}
}

func (g *guarded) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		p, err := peerOf(c)
		if err != nil {
			g.log.Warn().Err(err).Msg("hung up on a client")
			_ = c.Close()
			continue
		}
		if !g.enter(p.uid) {
			g.log.Warn().Uint32("uid", p.uid).Msg("hung up on a client: too many connections")
			_ = c.Close()
			continue
		}
		return &known{Conn: c, peer: p, leave: sync.OnceFunc(func() { g.exit(p.uid) })}, nil
	}
}

func (g *guarded) enter(uid uint32) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open[uid] >= g.share || (uid != 0 && g.others >= g.total) {
		return false
	}
	g.open[uid]++
	if uid != 0 {
		g.others++
	}
	return true
}

func (g *guarded) exit(uid uint32) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open[uid]--; g.open[uid] == 0 {
		delete(g.open, uid)
	}
	if uid != 0 {
		g.others--
	}
}

// known is a connection whose other end is known.
type known struct {
	net.Conn
	peer  peer
	leave func()
}

func (k *known) Close() error {
	k.leave()
	return k.Conn.Close()
}
