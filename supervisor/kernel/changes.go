package kernel

import (
	"context"
	"fmt"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// changes calls look now, and again after each change of a link or an address, until ctx ends. What a message says is not
// read: it only means "look again", so a lost one (ENOBUFS) costs nothing but one more look.
//
// The socket belongs to the network namespace of the calling thread, and look runs on it.
func changes(ctx context.Context, look func() error) error {
	socket, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_LINK, unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV6_IFADDR)
	if err != nil {
		return fmt.Errorf("cannot subscribe to the kernel's network changes: %v", err)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	again := make(chan struct{}, 1)
	again <- struct{}{}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cancel(receive(socket, again))
	}()
	defer func() { <-ended }()
	defer socket.Close()
	for {
		select {
		case <-ctx.Done():
			return cause(ctx)
		case <-again:
			if err := look(); err != nil {
				return err
			}
		}
	}
}

// receive turns messages into wishes to look again, any number of them into one. It ends when the socket is closed.
func receive(socket *nl.NetlinkSocket, again chan<- struct{}) error {
	for {
		if _, _, err := socket.Receive(); err != nil && err != unix.ENOBUFS && err != unix.EINTR {
			return fmt.Errorf("cannot receive the kernel's network changes: %v", err)
		}
		select {
		case again <- struct{}{}:
		default:
		}
	}
}

// cause is nil when a caller ended the context: that is no error.
func cause(ctx context.Context) error {
	if err := context.Cause(ctx); err != context.Canceled && err != context.DeadlineExceeded {
		return err
	}
	return nil
}
