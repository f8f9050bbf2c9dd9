package kernel

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRemove(t *testing.T) {
	calls := make(chan func())
	s := inSpace(t, func(ctx context.Context) error {
		for {
			select {
			case call := <-calls:
				call()
			case <-ctx.Done():
				return nil
			}
		}
	})
	link := s.link("eth0")
	s.must(s.handle.LinkSetUp(link))
	for _, a := range []string{"192.0.2.1/24", "192.0.2.10/24", "192.0.2.100/24", "fd00::1/64", "fd00::10/64"} {
		s.must(s.handle.AddrAdd(link, s.address(a)))
	}
	for _, row := range []struct {
		name, link, address string
		want                bool
	}{
		{"an address", "eth0", "192.0.2.10", true},
		{"again", "eth0", "192.0.2.10", false},
		{"of IPv6", "eth0", "fd00::10", true},
		{"that another link has", "eth0-peer", "192.0.2.100", false},
		{"on no link", "eth9", "192.0.2.100", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got bool
			var err error
			done := make(chan struct{})
			calls <- func() { got, err = Remove(row.link, netip.MustParseAddr(row.address)); close(done) }
			<-done
			if got != row.want || err != nil {
				t.Errorf("got %v, %v, want %v", got, err, row.want)
			}
		})
	}
	left, err := s.handle.AddrList(link, 0)
	s.must(err)
	var got []string
	for _, a := range left {
		if p, _ := prefixOf(a); !p.Addr().IsLinkLocalUnicast() {
			got = append(got, p.String())
		}
	}
	if diff := cmp.Diff([]string{"192.0.2.1/24", "192.0.2.100/24", "fd00::1/64"}, got); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
}

func TestRuns(t *testing.T) {
	own, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Fatal(err)
	}
	for program, want := range map[string]bool{strings.TrimSpace(string(own)): true, "no such program": false} {
		if got, err := Runs(program); got != want || err != nil {
			t.Errorf("%s: got %v, %v, want %v", program, got, err, want)
		}
	}
}
