package control

import "slices"

// peer is who is at the other end of a connection, as the kernel says.
type peer struct {
	uid    uint32
	groups []uint32 // the primary one and the supplementary ones
}

// rights is what a peer may do. Whoever could open the socket may look: that is what the mode of the socket is for.
type rights struct {
	look   bool
	change bool
}

// rightsOf decides what a peer may do at a socket whose file belongs to the given group. It does not lean on the
// mode of the socket, so that a socket opened up for reading (0666) still lets only its group change things.
func rightsOf(p peer, group uint32) rights {
	return rights{look: true, change: p.uid == 0 || slices.Contains(p.groups, group)}
}
