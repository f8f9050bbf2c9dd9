package keepalived

import (
	"fmt"
	"slices"
	"strings"
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

// told is a case on one line, with the times that follow from the cluster file. Those of failover_times.go may be tuned.
func told(c Case) string {
	if c.Outcome != Moves {
		return string(c.Outcome)
	}
	var terms []string
	for _, term := range c.Terms {
		terms = append(terms, term.What)
		if !slices.Contains([]string{"notice", "grace", "track file", "takeover"}, term.What) {
			terms[len(terms)-1] += " " + Milliseconds(term.Took)
		}
	}
	return fmt.Sprintf("moves to %s: %s", c.To, strings.Join(terms, " + "))
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
	version2 := func(c *cluster.Cluster) { c.VRRP.Version, c.VRRP.AdvertInterval = 2, 2*time.Second }
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
		{"HAProxy killed", "kill-9-haproxy", as, "moves to n0: notice + track file + skew 4.7 ms + takeover"},
		{"HAProxy killed, version 2", "kill-9-haproxy", version2, "moves to n0: notice + track file + skew 23 ms + takeover"},
		{"HAProxy killed, no preemption", "kill-9-haproxy", stubborn, "moves to n0: notice + track file + skew 7.8 ms + takeover"},
		{"HAProxy killed where an instance holds", "kill-9-haproxy", hold,
			"moves to n0: notice + track file + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"HAProxy killed where that only lowers", "kill-9-haproxy", lower,
			"moves to n0: notice + track file + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"HAProxy killed where nobody looks", "kill-9-haproxy", untracked, "stays"},
		{"HAProxy killed on the only node", "kill-9-haproxy", alone, "lost"},
		{"HAProxy stopped", "systemctl-stop-haproxy", as, "moves to n0: notice + track file + skew 4.7 ms + takeover"},
		{"HAProxy wedged", "sigstop-haproxy", as,
			"moves to n0: 3 looks 750 ms + deadline 250 ms + track file + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"HAProxy wedged, a patient holder", "sigstop-haproxy", patient,
			"moves to n0: 5 looks 1250 ms + deadline 250 ms + track file + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"HAProxy wedged on the only node", "sigstop-haproxy", alone, "stays"},
		{"keepalived killed", "kill-9-keepalived", as, "moves to n0: 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"keepalived killed, version 2", "kill-9-keepalived", version2, "moves to n0: 3 adverts 6000 ms + skew 23 ms + busy host 50 ms + takeover"},
		{"keepalived stopped", "systemctl-stop-keepalived", as, "moves to n0: skew 4.7 ms + takeover"},
		{"the host dead", "host-dead", as, "moves to n0: 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"the only host dead", "host-dead", alone, "lost"},
		{"lbsup killed", "lbsup-killed", as, "stays"},
		{"lbsup wedged", "lbsup-wedged", as,
			"moves to n0: 2 questions 2000 ms + deadline 1000 ms + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"lbsup gone", "lbsup-gone", as, "moves to n0: 2 questions 2000 ms + notice + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"lbsup gone on the only node", "lbsup-gone", alone, "stays"},
		{"lbsup-check unusable", "lbsup-check-unusable", as, "stays"},
		{"the link of the adverts", "link-eth0", as, "moves to n0: 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"},
		{"the link of a VIP", "link-eth1", func(c *cluster.Cluster) { c.VRRP.Instances[0].Addresses[0].Interface = "eth1" },
			"moves to n0: notice + skew 4.7 ms + takeover"},
		{"a tracked link", "link-eth2", func(c *cluster.Cluster) { c.VRRP.Instances[0].Track.Interfaces = []string{"eth2"} },
			"moves to n0: notice + skew 4.7 ms + takeover"},
		{"every HAProxy dead", "every-haproxy-dead", as, "lost"},
		{"every HAProxy dead where an instance holds", "every-haproxy-dead", hold, "stays"},
		{"every HAProxy dead where that only lowers", "every-haproxy-dead", lower, "stays"},
		{"one is back", "both-dead-one-back", as,
			"moves to its node: notice + track file + 3 adverts 600 ms + skew 7.8 ms + busy host 50 ms + takeover"},
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

func TestWorstAndFormula(t *testing.T) {
	c := Case{Terms: []Term{{"notice", 20 * ms}, {"skew", 4700 * time.Microsecond}, {"3 adverts", 600 * ms}}}
	if got := c.Worst(); got != 624700*time.Microsecond {
		t.Errorf("worst: got %v", got)
	}
	if got, want := c.Formula(), "notice 20 ms + skew 4.7 ms + 3 adverts 600 ms"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if c = (Case{}); c.Worst() != 0 || c.Formula() != "" {
		t.Errorf("no terms: %v, %q", c.Worst(), c.Formula())
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
