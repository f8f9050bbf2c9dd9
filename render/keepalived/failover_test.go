package keepalived

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

const ms = time.Millisecond

// rated is a pair with the default timing that tracks haproxy and what is given, and can be changed.
func rated(tracked ...cluster.TrackedCheck) *cluster.Cluster {
	c := pair().Cluster
	c.VRRP.Instances[0].PreemptDelay = 3 * time.Second
	c.VRRP.Instances[0].Track.Checks = append([]cluster.TrackedCheck{{Check: checks.HAProxy, Effect: checks.Fault}}, tracked...)
	c.Checks = []checks.Definition{defined("haproxy", checks.KindHAProxy, 250*ms, 250*ms, 3)}
	return c
}

func defined(name string, kind checks.Kind, interval, timeout time.Duration, fall int) checks.Definition {
	return checks.Definition{Name: name, Probe: checks.Probe{Kind: kind}, Interval: interval, Timeout: timeout, Rise: 2, Fall: fall, HolderFall: fall}
}

// told is a case on one line.
func told(c Case) string {
	s := string(c.Outcome)
	if c.Outcome == Moves {
		s += fmt.Sprintf(" to %s, %s = %s", c.To, Milliseconds(c.Worst()), c.Formula())
	}
	return s
}

func caseNamed(t *testing.T, c *cluster.Cluster, name string) Case {
	t.Helper()
	all := Failovers(c)[0].Cases
	i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("there is no case %q", name)
	}
	return all[i]
}

func TestFailover(t *testing.T) {
	as := func(*cluster.Cluster) {}
	hold := func(c *cluster.Cluster) { c.VRRP.Instances[0].Hold = true }
	version2 := func(c *cluster.Cluster) { c.VRRP.Version, c.VRRP.AdvertInterval = 2, time.Second }
	patient := func(c *cluster.Cluster) { c.Checks[0].HolderFall = 5 }
	alone := func(c *cluster.Cluster) {
		*c = *rated()
		c.Nodes, c.VRRP.Instances[0].Prefer = c.Nodes[:1], []string{"n0"}
	}
	stubborn := func(c *cluster.Cluster) { c.VRRP.Instances[0].Preempt = false }
	lower := func(c *cluster.Cluster) { c.VRRP.Instances[0].Track.Checks[0].Effect = checks.Lower }
	untracked := func(c *cluster.Cluster) { c.VRRP.Instances[0].Track.Checks = nil }
	for _, row := range []struct {
		name, of string
		change   func(*cluster.Cluster)
		want     string
	}{
		{"HAProxy killed", "kill-9-haproxy", as, "moves to n0, 95 ms = notice 20 ms + grace 50 ms + track file 5 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy killed, version 2", "kill-9-haproxy", version2, "moves to n0, 113 ms = notice 20 ms + grace 50 ms + track file 5 ms + skew 23 ms + takeover 15 ms"},
		{"HAProxy killed, no preemption", "kill-9-haproxy", stubborn, "moves to n0, 98 ms = notice 20 ms + grace 50 ms + track file 5 ms + skew 7.8 ms + takeover 15 ms"},
		{"HAProxy killed where an instance holds", "kill-9-haproxy", hold,
			"moves to n0, 695 ms = notice 20 ms + grace 50 ms + track file 5 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy killed where that only lowers", "kill-9-haproxy", lower,
			"moves to n0, 695 ms = notice 20 ms + grace 50 ms + track file 5 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy killed where nobody looks", "kill-9-haproxy", untracked, "stays"},
		{"HAProxy killed on the only node", "kill-9-haproxy", alone, "lost"},
		{"HAProxy stopped", "systemctl-stop-haproxy", as, "moves to n0, 95 ms = notice 20 ms + grace 50 ms + track file 5 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy wedged", "sigstop-haproxy", as,
			"moves to n0, 1625 ms = 3 looks 750 ms + deadline 250 ms + track file 5 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy wedged, a patient holder", "sigstop-haproxy", patient,
			"moves to n0, 2125 ms = 5 looks 1250 ms + deadline 250 ms + track file 5 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"HAProxy wedged on the only node", "sigstop-haproxy", alone, "stays"},
		{"keepalived killed", "kill-9-keepalived", as, "moves to n0, 620 ms = 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"keepalived killed, version 2", "kill-9-keepalived", version2, "moves to n0, 3038 ms = 3 adverts 3000 ms + skew 23 ms + takeover 15 ms"},
		{"keepalived stopped", "systemctl-stop-keepalived", as, "moves to n0, 20 ms = skew 4.7 ms + takeover 15 ms"},
		{"the host dead", "host-dead", as, "moves to n0, 620 ms = 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"the only host dead", "host-dead", alone, "lost"},
		{"lbsup killed", "lbsup-killed", as, "stays"},
		{"lbsup wedged", "lbsup-wedged", as,
			"moves to n0, 3620 ms = 2 questions 2000 ms + deadline 1000 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"lbsup gone", "lbsup-gone", as, "moves to n0, 2640 ms = 2 questions 2000 ms + notice 20 ms + 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"lbsup gone on the only node", "lbsup-gone", alone, "stays"},
		{"lbsup-check unusable", "lbsup-check-unusable", as, "stays"},
		{"the link of the adverts", "link-eth0", as, "moves to n0, 620 ms = 3 adverts 600 ms + skew 4.7 ms + takeover 15 ms"},
		{"the link of a VIP", "link-eth1", func(c *cluster.Cluster) { c.VRRP.Instances[0].Addresses[0].Interface = "eth1" },
			"moves to n0, 40 ms = notice 20 ms + skew 4.7 ms + takeover 15 ms"},
		{"a tracked link", "link-eth2", func(c *cluster.Cluster) { c.VRRP.Instances[0].Track.Interfaces = []string{"eth2"} },
			"moves to n0, 40 ms = notice 20 ms + skew 4.7 ms + takeover 15 ms"},
		{"every HAProxy dead", "every-haproxy-dead", as, "lost"},
		{"every HAProxy dead where an instance holds", "every-haproxy-dead", hold, "stays"},
		{"every HAProxy dead where that only lowers", "every-haproxy-dead", lower, "stays"},
		{"one is back", "both-dead-one-back", as,
			"moves to its node, 898 ms = notice 20 ms + 1 more 250 ms + track file 5 ms + 3 adverts 600 ms + skew 7.8 ms + takeover 15 ms"},
		{"every lbsup dead", "every-lbsup-dead", as, "stays"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := rated()
			row.change(c)
			if got := told(caseNamed(t, c, row.of)); got != row.want {
				t.Errorf("\n got %s\nwant %s", got, row.want)
			}
		})
	}
}

// TestFailoverOfEverySize wants a plan that names existing nodes only, and times that are sums of something.
func TestFailoverOfEverySize(t *testing.T) {
	for n := range maxNodes + 1 {
		for _, preempt := range []bool{true, false} {
			c := of(n, preempt, cluster.TrackedCheck{Check: checks.HAProxy, Effect: checks.Fault})
			c.VRRP.Version, c.VRRP.AdvertInterval, c.VRRP.Instances[0].Interface = 3, 200*ms, "eth0"
			c.Checks = rated().Checks
			for _, one := range Failovers(c)[0].Cases {
				moves := one.Outcome == Moves
				if moves != (one.Worst() > 0) || moves != (one.To != "") {
					t.Errorf("%d nodes: %s: %s after %v to %q", n, one.Name, one.Outcome, one.Worst(), one.To)
				}
				if moves && n < 2 && one.To != "its node" {
					t.Errorf("%d nodes: %s moves to %q", n, one.Name, one.To)
				}
			}
		}
	}
}

func TestReturns(t *testing.T) {
	for want, i := range map[string]cluster.Instance{
		"leaves the VIPs where they are": {PreemptDelay: time.Second},
		"takes the VIPs back at once":    {Preempt: true},
		"takes the VIPs back after 3s":   {Preempt: true, PreemptDelay: 3 * time.Second},
	} {
		if got := returns(i); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMilliseconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 5 * ms: "5 ms", 4687500 * time.Nanosecond: "4.7 ms", 23437 * time.Microsecond: "23 ms", 3 * time.Second: "3000 ms",
	} {
		if got := Milliseconds(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
