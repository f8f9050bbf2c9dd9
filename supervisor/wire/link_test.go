package wire

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/need"
)

// Two network namespaces with a cable between them: "here", where lbsup would be, and "there".
type cable struct{ here, there string }

func newCable(t *testing.T) cable {
	t.Helper()
	need.Root(t)
	need.Programs(t, "ip", "nft")
	prefix := fmt.Sprintf("wire%d", os.Getpid())
	c := cable{prefix + "h", prefix + "t"}
	for _, name := range []string{c.here, c.there} {
		command(t, "ip", "netns", "add", name)
		t.Cleanup(func() { _ = exec.Command("ip", "netns", "del", name).Run() })
	}
	command(t, "ip", "-n", c.here, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", c.there)
	for i, name := range []string{c.here, c.there} {
		command(t, "ip", "-n", name, "link", "set", "lo", "up")
		command(t, "ip", "-n", name, "address", "add", fmt.Sprintf("192.0.2.%d/24", i+1), "dev", "eth0")
		command(t, "ip", "-n", name, "address", "add", fmt.Sprintf("fe80::%d/64", i+1), "dev", "eth0", "nodad")
		command(t, "ip", "-n", name, "link", "set", "eth0", "up")
	}
	return c
}

func command(t *testing.T, argv ...string) string {
	t.Helper()
	out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v: %s", argv, err, out)
	}
	return strings.TrimSpace(string(out))
}

// inside runs f on a thread of its own in a namespace.
func inside(namespace string, f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with this goroutine
		fd, err := unix.Open("/run/netns/"+namespace, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			defer unix.Close(fd)
			err = unix.Setns(fd, unix.CLONE_NEWNET)
		}
		if err == nil {
			err = f()
		}
		done <- err
	}()
	return <-done
}

// shout sends an advert from there every few milliseconds until the test ends.
func (c cable) shout(t *testing.T, network string, to netip.Addr, message []byte) {
	t.Helper()
	var conn net.PacketConn
	err := inside(c.there, func() (err error) {
		conn, err = net.ListenPacket(network, "")
		if err != nil {
			return err
		}
		raw, err := conn.(*net.IPConn).SyscallConn()
		if err != nil {
			return err
		}
		return raw.Control(func(fd uintptr) {
			_ = unix.BindToDevice(int(fd), "eth0")
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, 255)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	t.Cleanup(func() { cancel(); <-ended; conn.Close() })
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			_, _ = conn.WriteTo(message, &net.IPAddr{IP: to.AsSlice()})
			select {
			case <-ctx.Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
}

// hears returns what a listener hears first, or nothing when that takes so long that there is nothing.
func (c cable) hears(t *testing.T, patience time.Duration, listen func(context.Context, func(Heard)) error) (first Heard, any bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := inside(c.here, func() error {
		return listen(ctx, func(h Heard) {
			if !any {
				first, any = h, true
			}
			cancel()
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return first, any
}

const (
	patience = 20 * time.Second
	silence  = 300 * time.Millisecond // thirty adverts' time
)

func TestListenAndReceive(t *testing.T) {
	c := newCable(t)
	c.shout(t, "ip4:112", GroupIPv4, unhex(t, "3133fd01 00140000 c000020a"))
	c.shout(t, "ip6:112", GroupIPv6, unhex(t, "3107c801 00640000 fd000000000000000000000000000010"))
	listen := func(ctx context.Context, emit func(Heard)) error { return Listen(ctx, "eth0", emit) }
	receive := func(ipv6 bool) func(context.Context, func(Heard)) error {
		return func(ctx context.Context, emit func(Heard)) error { return Receive(ctx, "eth0", ipv6, false, emit) }
	}
	families := func(t *testing.T) {
		t.Helper()
		heard := map[bool]Heard{}
		for range 200 {
			h, any := c.hears(t, patience, listen)
			if !any {
				t.Fatal("hears nothing")
			}
			if heard[h.IPv6()] = h; len(heard) == 2 {
				break
			}
		}
		mac := command(t, "ip", "netns", "exec", c.there, "cat", "/sys/class/net/eth0/address")
		if h := heard[false]; h.RouterID != 51 || h.Source != netip.MustParseAddr("192.0.2.2") || h.Hardware != mac || h.Sent {
			t.Errorf("heard %+v of IPv4, want it from %s", h, mac)
		}
		if h := heard[true]; h.RouterID != 7 || h.Priority != 200 || h.Source != netip.MustParseAddr("fe80::2") {
			t.Errorf("heard %+v of IPv6", h)
		}
	}
	t.Run("the wire", families)
	t.Run("through an open firewall", func(t *testing.T) {
		for _, ipv6 := range []bool{false, true} {
			if h, any := c.hears(t, patience, receive(ipv6)); !any || h.IPv6() != ipv6 {
				t.Errorf("IPv6 %v: heard %v %+v", ipv6, any, h)
			}
		}
	})
	command(t, "ip", "netns", "exec", c.here, "nft", "add table inet f; add chain inet f in { type filter hook input priority 0; }; add rule inet f in meta l4proto 112 drop")
	t.Run("the wire below a firewall that drops", families)
	t.Run("behind a firewall that drops", func(t *testing.T) {
		for _, ipv6 := range []bool{false, true} {
			if h, any := c.hears(t, silence, receive(ipv6)); any {
				t.Errorf("IPv6 %v: the firewall let %+v pass", ipv6, h)
			}
		}
	})
}

func TestListenToOneself(t *testing.T) {
	c := newCable(t)
	c.here, c.there = c.there, c.here // who shouts listens
	c.shout(t, "ip4:112", GroupIPv4, unhex(t, "3133fd01 00140000 c000020a"))
	c.here = c.there
	h, any := c.hears(t, patience, func(ctx context.Context, emit func(Heard)) error { return Listen(ctx, "eth0", emit) })
	if !any || !h.Sent {
		t.Errorf("heard %v %+v, want one's own", any, h)
	}
}

func TestFilterLetsNothingElsePass(t *testing.T) {
	c := newCable(t)
	c.shout(t, "ip4:47", netip.MustParseAddr("192.0.2.1"), unhex(t, "3133fd01 00140000 c000020a"))
	c.shout(t, "ip6:47", netip.MustParseAddr("fe80::1"), unhex(t, "3133fd01 00140000 c000020a"))
	passed := 0
	err := inside(c.here, func() error {
		s, err := openPacket("eth0", unix.ETH_P_ALL, adverts)
		if err != nil {
			return err
		}
		defer s.close()
		ctx, cancel := context.WithTimeout(t.Context(), silence)
		defer cancel()
		return s.each(ctx, func([]byte, unix.Sockaddr) { passed++ })
	})
	if err != nil || passed > 0 {
		t.Errorf("%d packets passed, %v", passed, err)
	}
}

func TestClaimants(t *testing.T) {
	c := newCable(t)
	command(t, "ip", "-n", c.there, "address", "add", "192.0.2.10/24", "dev", "eth0")
	command(t, "ip", "-n", c.there, "address", "add", "fd00::10/64", "dev", "eth0", "nodad")
	command(t, "ip", "-n", c.here, "address", "add", "192.0.2.20/24", "dev", "eth0")
	mac := command(t, "ip", "netns", "exec", c.there, "cat", "/sys/class/net/eth0/address")
	for _, row := range []struct {
		name, address string
		want          []string
	}{
		{"IPv4", "192.0.2.10", []string{mac}},
		{"IPv6", "fd00::10", []string{mac}},
		{"nobody's", "192.0.2.99", nil},
		{"nobody's of IPv6", "fd00::99", nil},
		{"this host's own", "192.0.2.20", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for deadline := time.Now().Add(patience); ; {
				ctx, cancel := context.WithTimeout(t.Context(), silence)
				err := inside(c.here, func() (err error) {
					got, err = Claimants(ctx, "eth0", netip.MustParseAddr(row.address))
					return err
				})
				cancel()
				if err != nil {
					t.Fatal(err)
				}
				if slices.Equal(got, row.want) || time.Now().After(deadline) {
					break
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestNoSuchLink(t *testing.T) {
	const want = `cannot listen on "nolink0": there is no such link`
	for name, listen := range map[string]func() error{
		"listen":    func() error { return Listen(t.Context(), "nolink0", nil) },
		"receive":   func() error { return Receive(t.Context(), "nolink0", false, false, nil) },
		"claimants": func() error { _, err := Claimants(t.Context(), "nolink0", GroupIPv4); return err },
	} {
		t.Run(name, func(t *testing.T) {
			if err := listen(); err == nil || err.Error() != want {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

func TestNoEthernet(t *testing.T) {
	c := newCable(t)
	err := inside(c.here, func() error { _, err := Claimants(t.Context(), "lo", netip.MustParseAddr("192.0.2.10")); return err })
	if want := `cannot ask on "lo" who has an address: it is no Ethernet`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// A neighbour that has learnt another owner takes the one that announces itself; who does not have the address announces nothing.
func TestAnnouncementIsTakenOver(t *testing.T) {
	c := newCable(t)
	mac := command(t, "ip", "netns", "exec", c.here, "cat", "/sys/class/net/eth0/address")
	for _, row := range []struct{ address, bits string }{{"192.0.2.10", "/24"}, {"fd00::10", "/64"}} {
		t.Run(row.address, func(t *testing.T) {
			command(t, "ip", "-n", c.there, "neigh", "replace", row.address, "lladdr", "02:00:00:00:00:99", "dev", "eth0", "nud", "stale")
			announce := func() string {
				err := inside(c.here, func() error {
					a, err := openAsker("eth0", strings.Contains(row.address, ":"))
					if err != nil {
						return err
					}
					defer a.close()
					return a.announce(netip.MustParseAddr(row.address))
				})
				if err != nil {
					t.Fatal(err)
				}
				return command(t, "ip", "-n", c.there, "neigh", "show", row.address)
			}
			if got := announce(); !strings.Contains(got, "02:00:00:00:00:99") {
				t.Errorf("announced what it does not have: %s", got)
			}
			command(t, "ip", "-n", c.here, "address", "add", row.address+row.bits, "dev", "eth0", "nodad")
			for deadline := time.Now().Add(patience); !strings.Contains(announce(), mac); {
				if time.Now().After(deadline) {
					t.Fatalf("the neighbour has %s", announce())
				}
			}
		})
	}
}
