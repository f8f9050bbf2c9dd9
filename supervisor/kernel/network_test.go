package kernel

import (
	"context"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/need"
)

// space is a network namespace of the test's own. It goes with the last thread and descriptor in it.
type space struct {
	t      *testing.T
	handle *netlink.Handle
	errs   chan error
	stop   context.CancelFunc
}

// inSpace runs watch on a thread in a new network namespace.
func inSpace(t *testing.T, watch func(ctx context.Context) error) *space {
	t.Helper()
	need.Root(t)
	ctx, cancel := context.WithCancel(t.Context())
	s := &space{t: t, errs: make(chan error, 1), stop: cancel}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		err := s.enter()
		ready <- err
		if err == nil {
			s.errs <- watch(ctx)
		}
	}()
	if err := <-ready; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-s.errs; err != nil {
			t.Errorf("the watch ended with %v", err)
		}
		s.handle.Close()
	})
	return s
}

func (s *space) enter() error {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return err
	}
	handle, err := netns.GetFromPath(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
	if err != nil {
		return err
	}
	defer handle.Close()
	s.handle, err = netlink.NewHandleAt(handle)
	return err
}

func (s *space) must(errs ...error) {
	s.t.Helper()
	for _, err := range errs {
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// link makes a link to carry addresses: half of a pair, as a kernel may have no dummy links.
func (s *space) link(name string) netlink.Link {
	s.t.Helper()
	link := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: name}, PeerName: name + "-peer"}
	s.must(s.handle.LinkAdd(link))
	return link
}

func (s *space) address(text string) *netlink.Addr {
	s.t.Helper()
	address, err := netlink.ParseAddr(text)
	s.must(err)
	address.Flags = unix.IFA_F_NODAD // an IPv6 address is there at once
	return address
}

// until waits for the state that is wanted; the ones before it do not matter.
func until[T any](t *testing.T, seen <-chan T, want T) {
	t.Helper()
	var last T
	deadline := time.After(15 * time.Second)
	for {
		select {
		case last = <-seen:
			if cmp.Equal(want, last, options) {
				return
			}
		case <-deadline:
			t.Fatalf("it never came to that (-want +got)\n%s", cmp.Diff(want, last, options))
		}
	}
}

var options = cmp.Options{
	cmpopts.EquateComparable(netip.Prefix{}), cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(Link{}, "Index"),
	// The kernel gives each link with IPv6 an address of its own choice.
	cmpopts.IgnoreSliceElements(func(p netip.Prefix) bool { return p.Addr().IsLinkLocalUnicast() }),
	cmpopts.IgnoreMapEntries(func(_ string, list []netip.Prefix) bool {
		for _, p := range list {
			if !p.Addr().IsLinkLocalUnicast() {
				return false
			}
		}
		return true
	}),
}

func TestAddresses(t *testing.T) {
	seen := make(chan map[string][]netip.Prefix, 1000)
	s := inSpace(t, func(ctx context.Context) error {
		return Addresses(ctx, func(now map[string][]netip.Prefix) { seen <- now })
	})
	until(t, seen, map[string][]netip.Prefix{})
	link := s.link("vip0")
	s.must(s.handle.LinkSetUp(link))
	four, six := s.address("192.0.2.7/24"), s.address("2001:db8::7/64")
	p4, p6 := netip.MustParsePrefix("192.0.2.7/24"), netip.MustParsePrefix("2001:db8::7/64")
	s.must(s.handle.AddrAdd(link, four))
	until(t, seen, map[string][]netip.Prefix{"vip0": {p4}})
	s.must(s.handle.AddrAdd(link, six))
	until(t, seen, map[string][]netip.Prefix{"vip0": {p4, p6}})
	s.must(s.handle.AddrDel(link, four))
	until(t, seen, map[string][]netip.Prefix{"vip0": {p6}})
	for range 5 {
		s.must(s.handle.AddrDel(link, six))
		until(t, seen, map[string][]netip.Prefix{})
		s.must(s.handle.AddrAdd(link, six))
		until(t, seen, map[string][]netip.Prefix{"vip0": {p6}})
	}
	s.must(s.handle.LinkDel(link))
	until(t, seen, map[string][]netip.Prefix{})
}

// More changes than a socket's queue holds: some are lost, and in the end all is known.
func TestAddressesAfterAStorm(t *testing.T) {
	seen := make(chan map[string][]netip.Prefix, 10000)
	hold := make(chan struct{})
	release := sync.OnceFunc(func() { close(hold) })
	defer release()
	first := true
	s := inSpace(t, func(ctx context.Context) error {
		return Addresses(ctx, func(now map[string][]netip.Prefix) {
			seen <- now
			if first {
				first = false
				<-hold
			}
		})
	})
	link := s.link("storm0")
	last := s.address("192.0.2.1/32")
	for range 3000 {
		s.must(s.handle.AddrAdd(link, last), s.handle.AddrDel(link, last))
	}
	s.must(s.handle.AddrAdd(link, last))
	release()
	until(t, seen, map[string][]netip.Prefix{"storm0": {netip.MustParsePrefix("192.0.2.1/32")}})
}

func TestLinks(t *testing.T) {
	seen := make(chan []Link, 1000)
	s := inSpace(t, func(ctx context.Context) error {
		return Links(ctx, func(now []Link) { seen <- now })
	})
	lo := Link{Name: "lo"}
	until(t, seen, []Link{lo})
	near := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: "near"}, PeerName: "far"}
	s.must(s.handle.LinkAdd(near))
	far, err := s.handle.LinkByName("far")
	s.must(err, s.handle.LinkSetUp(near))
	until(t, seen, []Link{lo, {Name: "far"}, {Name: "near", Up: true}})
	s.must(s.handle.LinkSetUp(far))
	until(t, seen, []Link{lo, {Name: "far", Up: true, Carrier: true}, {Name: "near", Up: true, Carrier: true}})
	s.must(s.handle.LinkSetDown(far)) // the cable is pulled
	until(t, seen, []Link{lo, {Name: "far"}, {Name: "near", Up: true}})
	s.must(s.handle.LinkDel(near))
	until(t, seen, []Link{lo})
}

// Nothing of it needs a privilege: the thread gives its own up first.
func TestAddressesWithoutPrivilege(t *testing.T) {
	seen := make(chan map[string][]netip.Prefix, 100)
	s := inSpace(t, func(ctx context.Context) error {
		if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, 65534, 65534, 65534); errno != 0 {
			return errno
		}
		return Addresses(ctx, func(now map[string][]netip.Prefix) { seen <- now })
	})
	link := s.link("low0")
	s.must(s.handle.AddrAdd(link, s.address("192.0.2.9/32")))
	until(t, seen, map[string][]netip.Prefix{"low0": {netip.MustParsePrefix("192.0.2.9/32")}})
}
