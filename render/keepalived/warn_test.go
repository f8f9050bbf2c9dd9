package keepalived

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

func TestNoWarningsOfADefaultPair(t *testing.T) {
	if got := Warnings(rated()); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}

func TestWarnings(t *testing.T) {
	instance := func(change func(*cluster.Instance)) func(*cluster.Cluster) {
		return func(c *cluster.Cluster) { change(&c.VRRP.Instances[0]) }
	}
	for _, row := range []struct {
		name   string
		change func(*cluster.Cluster)
		want   Warning
	}{
		{"one node", func(c *cluster.Cluster) { c.Nodes = c.Nodes[:1] }, Warning{"nodes", "there is one node alone: nobody takes over", "add a second node"}},
		{"version 2", func(c *cluster.Cluster) { c.VRRP.Version, c.VRRP.AdvertInterval = 2, time.Second },
			Warning{"vrrp.version", "version 2 cannot send adverts more often than once a second: a dead host is noticed after 3000 ms",
				"write version: 3 under vrrp, on every node at once: its adverts come every 200ms"}},
		{"version 2 with a password", func(c *cluster.Cluster) {
			c.VRRP.Version, c.VRRP.AdvertInterval, c.VRRP.Instances[0].Auth = 2, 2*time.Second, &cluster.Auth{Type: "pass"}
		}, Warning{"vrrp.version", "version 2 cannot send adverts more often than once a second: a dead host is noticed after 6000 ms",
			"write version: 3 under vrrp, on every node at once: its adverts come every 200ms; it has no authentication, so keep strangers out of the network instead"}},
		{"slow adverts", func(c *cluster.Cluster) { c.VRRP.AdvertInterval = 5 * time.Second },
			Warning{"vrrp.advert_interval", "with adverts every 5s a dead host is noticed after 15000 ms", "200ms is the default"}},
		{"hasty adverts", func(c *cluster.Cluster) { c.VRRP.AdvertInterval = 10 * time.Millisecond },
			Warning{"vrrp.advert_interval", "a host that stalls for 30 ms loses its VIPs", "a virtual machine stalls longer now and then: 200ms is the default"}},
		{"a link that is tracked anyway", instance(func(i *cluster.Instance) { i.Track.Interfaces = []string{"eth0"} }),
			Warning{"vrrp.instances.VI.track.interfaces[0]", "keepalived tracks eth0 anyway: the instance uses it", "leave it out"}},
		{"a link of every node", instance(func(i *cluster.Instance) { i.Track.Interfaces = []string{"eth7"} }),
			Warning{"vrrp.instances.VI.track.interfaces[0]",
				"a switch that takes eth7 away from every node at once puts the instance in FAULT on all of them: nobody has the VIPs",
				"an interface check with on_fail: lower moves them and never drops them"}},
		{"adverts apart from the VIPs", instance(func(i *cluster.Instance) {
			i.Addresses = []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.10/24"), Interface: "eth2"}, {Address: netip.MustParsePrefix("198.51.100.1/24"), Interface: "eth1"}}
		}), Warning{"vrrp.instances.VI.interface", "adverts travel on eth0, the VIPs are on eth1 and eth2: where only the network of eth0 is cut, both nodes have the VIPs",
			"let adverts travel where the clients are, or make that network redundant"}},
		{"no delay", instance(func(i *cluster.Instance) { i.PreemptDelay = 0 }),
			Warning{"vrrp.instances.VI.preempt_delay", "a node that comes and goes takes the VIPs along each time", "3s is the default"}},
		{"HAProxy not tracked", instance(func(i *cluster.Instance) { i.Track.Checks = nil }),
			Warning{"vrrp.instances.VI.track.checks", "the instance does not track haproxy: its VIPs stay with a dead HAProxy",
				"add haproxy: fault, unless these VIPs have nothing to do with HAProxy"}},
		{"HAProxy that lowers", instance(func(i *cluster.Instance) { i.Track.Checks[0].Effect = checks.Lower }),
			Warning{"vrrp.instances.VI.track.checks.haproxy", "a dead HAProxy only lowers the node: it loses the VIPs after 600 ms of adverts", "write haproxy: fault"}},
		{"a hasty holder", func(c *cluster.Cluster) { c.Checks[0].HolderFall = 2 },
			Warning{"checks.haproxy.holder_fall", "the holder lets go after 2 looks, a standby gives up after 3 looks: the VIPs leave for a hiccup", "the holder is the one to be patient"}},
		{"no patience at all", func(c *cluster.Cluster) { c.Checks[0].Timeout = 50 * time.Millisecond },
			Warning{"checks.haproxy", "a host that stalls for 150ms loses its VIPs", "a longer timeout or a larger fall"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := rated()
			row.change(c)
			if diff := cmp.Diff([]Warning{row.want}, Warnings(c)); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRuledOut wants the configuration to be without the words that the promises are about.
func TestRuledOut(t *testing.T) {
	config, err := Render(pair(), secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"nopreempt", "vrrp_strict", "vrrp_sync_group"} {
		if strings.Contains(string(config.Text), word) {
			t.Errorf("the configuration has %s", word)
		}
	}
	if len(RuledOut()) == 0 {
		t.Error("nothing is ruled out")
	}
}
