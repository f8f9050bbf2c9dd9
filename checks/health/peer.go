package health

import (
	"context"
	"net"
	"syscall"
)

// Nobody stands for a user that the kernel does not name.
const Nobody = -1

// unnamed is the kernel's own Nobody.
const unnamed = ^uint32(0)

// peer is the user at the other end of a unix socket, as of the moment of connecting: SO_PEERCRED, unix(7).
func peer(conn net.Conn) int {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return Nobody
	}
	control, err := raw.SyscallConn()
	if err != nil {
		return Nobody
	}
	user := Nobody
	_ = control.Control(func(fd uintptr) {
		if cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil && cred.Uid != unnamed {
			user = int(cred.Uid)
		}
	})
	return user
}

type userKey struct{}

func userOf(conn net.Conn) int {
	if one, ok := conn.(*guest); ok {
		return one.user
	}
	return Nobody
}

func userIn(ctx context.Context) int {
	if user, ok := ctx.Value(userKey{}).(int); ok {
		return user
	}
	return Nobody
}
