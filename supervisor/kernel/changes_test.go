package kernel

import (
	"context"
	"testing"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// A queue that ran over before anybody read it (ENOBUFS) is a wish to look again, and not the end.
func TestReceiveSurvivesAnOverflow(t *testing.T) {
	subscribed, filled := make(chan *nl.NetlinkSocket, 1), make(chan struct{})
	again := make(chan struct{}, 1)
	s := inSpace(t, func(ctx context.Context) error {
		socket, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_IPV4_IFADDR)
		if err != nil {
			return err
		}
		// A socket of the same size that this test reads itself shows that the storm is large enough.
		witness, err := nl.Subscribe(unix.NETLINK_ROUTE, unix.RTNLGRP_IPV4_IFADDR)
		if err != nil {
			return err
		}
		defer witness.Close()
		subscribed <- socket
		<-filled
		if _, _, err := witness.Receive(); err != unix.ENOBUFS {
			t.Errorf("the queue did not run over: %v", err)
		}
		done := make(chan error)
		go func() { done <- receive(socket, again) }()
		<-ctx.Done()
		socket.Close()
		<-done
		return nil
	})
	<-subscribed
	link := s.link("over0")
	func() {
		defer close(filled)
		address := s.address("192.0.2.1/32")
		for range 1000 {
			s.must(s.handle.AddrAdd(link, address), s.handle.AddrDel(link, address))
		}
	}()
	for range 2 { // the overflow, and what the queue still holds
		select {
		case <-again:
		case <-time.After(15 * time.Second):
			t.Fatal("nobody wished to look again")
		}
	}
}
