package timeline_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/state"
)

// overhears lets lbsup-wire tell of the peer for some seconds.
func (c *stage) overhears(seconds, priority int) *stage {
	for range 2 * seconds {
		c.wait(500 * time.Millisecond)
		var adverts []state.Advert
		if priority > 0 {
			adverts = []state.Advert{{Link: "enc1", RouterID: 1, Source: netip.MustParseAddr("10.130.0.1"), Priority: priority, Addresses: []netip.Addr{netip.MustParseAddr(vip)}}}
		}
		c.send(state.WireSeen{At: c.at(), Adverts: adverts})
	}
	return c
}

func TestDeriveSplits(t *testing.T) {
	const deaf = "adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them"
	for _, row := range []struct {
		name  string
		yield bool
		play  func(*stage)
		want  []string
	}{
		{"one that is healed", false, func(c *stage) { c.overhears(2, 250).overhears(2, 0) }, []string{
			"split-brain VI_1: split brain: another node has the VIPs of VI_1 too: " + deaf,
			"split-brain VI_1: the split brain of VI_1 is over",
		}},
		{"one that yields", true, func(c *stage) { c.overhears(2, 254).vip(false).overhears(2, 0) }, []string{
			"priority VI_1: keepalived is told FAULT for VI_1, no longer priority 253: yields: " + deaf,
			"split-brain VI_1: split brain: this node lets go of the VIPs of VI_1, which another one has too: " + deaf,
			"vip 172.18.100.100: 172.18.100.100 left this node", "vip 10.131.0.1: 10.131.0.1 left this node",
			"priority VI_1: keepalived is told priority 249 for VI_1, no longer FAULT: lowered by 4: not well for long enough to take its place back",
			"split-brain VI_1: this node stands by for the VIPs of VI_1 again, which it had let go of",
		}},
		{"a takeover", false, func(c *stage) { c.overhears(1, 0).wait(400 * time.Millisecond).vip(false) }, []string{
			"vip 172.18.100.100: 172.18.100.100 left this node", "vip 10.131.0.1: 10.131.0.1 left this node",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newStage(t, gateway, first).running(true)
			local := *c.s.Installed.Local
			shape := *local.Cluster
			shape.VRRP.Yield = row.yield
			local.Cluster = &shape
			c.s.Installed.Local = &local
			row.play(c)
			if diff := cmp.Diff(row.want, lines(c.told)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What could not be taken off is trouble.
func TestDeriveRemovalThatFailed(t *testing.T) {
	c := newStage(t, gateway, first).running(true)
	c.send(state.OrphansRemoved{At: c.at()}).send(state.OrphansRemoved{At: c.at(), Err: "cannot start unit"})
	want := []string{"trouble keepalived.service: orphaned VIPs could not be taken off this node: cannot start unit"}
	if diff := cmp.Diff(want, lines(c.told)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
