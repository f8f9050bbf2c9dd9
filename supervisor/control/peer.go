package control

import (
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// peerOf asks the kernel who connected: the identity at the time of connect(2), see SO_PEERCRED in unix(7).
func peerOf(c net.Conn) (peer, error) {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return peer{}, fmt.Errorf("cannot ask who is at the other end of a %T: want a unix socket", c)
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return peer{}, fmt.Errorf("cannot ask who connected: %w", err)
	}
	var p peer
	var asked error
	err = raw.Control(func(fd uintptr) { p, asked = peerOfFD(int(fd)) })
	if err == nil {
		err = asked
	}
	return p, err
}

func peerOfFD(fd int) (peer, error) {
	cred, err := unix.GetsockoptUcred(fd, unix.SOL_SOCKET, unix.SO_PEERCRED)
	if err != nil {
		return peer{}, fmt.Errorf("cannot ask who connected: %w", err)
	}
	groups, err := peerGroups(fd)
	if err != nil {
		groups = nil // Linux before 4.13 has no SO_PEERGROUPS: the primary group has to do
	}
	return peer{uid: cred.Uid, groups: append(groups, cred.Gid)}, nil
}

// maxGroups is NGROUPS_MAX of limits.h.
const maxGroups = 65536

// peerGroups reads SO_PEERGROUPS, which x/sys has no function for. The kernel says ERANGE and the wanted size
// when the list is longer than the buffer.
func peerGroups(fd int) ([]uint32, error) {
	groups := make([]uint32, 64)
	for {
		size := uint32(len(groups) * 4)
		_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_PEERGROUPS,
			uintptr(unsafe.Pointer(&groups[0])), uintptr(unsafe.Pointer(&size)), 0)
		n := int(size / 4)
		switch {
		case errno == 0:
			return groups[:n], nil
		case errno == unix.ERANGE && n > len(groups) && n <= maxGroups:
			groups = make([]uint32, n)
		default:
			return nil, errno
		}
	}
}

// name is what the peer is called in the history: a user's name where the host knows one.
func (p peer) name() string {
	uid := strconv.FormatUint(uint64(p.uid), 10)
	if u, err := user.LookupId(uid); err == nil {
		return u.Username
	}
	return "uid " + uid
}

// groupOf returns the group that owns the file of a listening socket.
func groupOf(l net.Listener) (uint32, error) {
	path := l.Addr().String()
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("cannot tell which group may change things through socket %q: %w", path, err)
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("cannot tell which group owns socket %q", path)
	}
	return st.Gid, nil
}
