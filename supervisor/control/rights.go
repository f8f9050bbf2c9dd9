package control

import (
	"net"
	"os/user"
	"slices"
	"strconv"
)

// Changers is the group whose members may change things. To look, the group of the socket is enough: who watches a pair need not be able to move it,
// and nor need the programs of exec checks, which run as the supervisor does.
const Changers = "lbsup-admin"

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

// rightsOf decides what a peer may do where the members of one group may change things. It does not lean on the mode of the socket, so that a socket
// opened up for reading (0666) still lets only them change things.
func rightsOf(p peer, changers uint32) rights {
	return rights{look: true, change: p.uid == 0 || slices.Contains(p.groups, changers)}
}

// changersOf is the number of that group, or of the socket's own where the host has none of this name, as in a container.
func changersOf(l net.Listener, name string) (uint32, error) {
	if group, err := user.LookupGroup(name); err == nil {
		if gid, err := strconv.ParseUint(group.Gid, 10, 32); err == nil {
			return uint32(gid), nil
		}
	}
	return groupOf(l)
}
