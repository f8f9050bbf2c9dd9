package lab

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// inside runs f on a thread that stands in the named network namespace. A socket belongs to the namespace in which it was
// made, whichever thread uses it later. The thread is never unlocked, so that the runtime ends it together with the goroutine instead of handing it
// to others.
func inside(namespace string, f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		done <- enter(namespace, f)
	}()
	return <-done
}

func enter(namespace string, f func() error) error {
	fd, err := unix.Open("/run/netns/"+namespace, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("cannot open network namespace %q: %v", namespace, err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("cannot enter network namespace %q: %v", namespace, err)
	}
	return f()
}

// dial connects from inside a namespace. The address must be a literal: with a name, net would make the sockets on threads of
// its own choice.
func dial(ctx context.Context, namespace, network, address string) (conn net.Conn, err error) {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	insideErr := inside(namespace, func() error {
		conn, err = dialer.DialContext(ctx, network, address)
		return err
	})
	return conn, insideErr
}

func listen(namespace, address string) (listener net.Listener, err error) {
	insideErr := inside(namespace, func() error {
		listener, err = net.Listen("tcp", address)
		return err
	})
	return listener, insideErr
}

func listenPacket(namespace, address string) (conn net.PacketConn, err error) {
	insideErr := inside(namespace, func() error {
		conn, err = net.ListenPacket("udp", address)
		return err
	})
	return conn, insideErr
}
