package pair

import (
	"context"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// failure is something that happens to the node that holds the VIPs.
type failure struct {
	name   string
	breaks func(t *testing.T, p *pair)
	mend   func(t *testing.T, p *pair) // what a person does afterwards; nil: it heals by itself
	split  bool                        // the nodes cannot hear each other, so nothing can keep both from holding the VIP
}

// Bounds that a busy machine keeps too. With adverts each 0.2 s the peer of a node that falls silent takes over after about 0.6 s.
const (
	mostTwice  = 3 * time.Second  // for which two nodes may hold a VIP
	mostSilent = 10 * time.Second // for which the client may be without an answer
)

// on runs a command on the first node. Killing all processes of a daemon may fail for one: its master ends it first.
func on(command string) func(*testing.T, *pair) {
	return func(t *testing.T, p *pair) { t.Helper(); sh(t, p.first, command) }
}

func cable(pull func(*lab.Node, context.Context, string) error, iface string) func(*testing.T, *pair) {
	return func(t *testing.T, p *pair) {
		t.Helper()
		if err := pull(p.first, t.Context(), iface); err != nil {
			t.Fatal(err)
		}
	}
}

var failures = []failure{
	{name: "all of HAProxy is killed", breaks: on("kill -9 $(pidof haproxy) || :")},
	{name: "HAProxy's worker is killed", breaks: on("kill -9 $(pgrep --parent $(systemctl show -P MainPID haproxy))")},
	{name: "HAProxy is stopped", breaks: on("systemctl stop haproxy"), mend: on("systemctl start haproxy")},
	{name: "HAProxy's worker hangs", breaks: on("kill -STOP $(pgrep --parent $(systemctl show -P MainPID haproxy))"), mend: on("kill -CONT $(pgrep --parent $(systemctl show -P MainPID haproxy))")},
	{name: "keepalived is stopped", breaks: on("systemctl stop keepalived"), mend: on("systemctl start keepalived")},
	{name: "all of keepalived is killed", breaks: on("kill -9 $(pidof keepalived) || :")},
	{name: "keepalived's VRRP process is killed", breaks: on("kill -9 $(pgrep --parent $(systemctl show -P MainPID keepalived))")},
	{name: "the cable of the adverts is cut", breaks: cable((*lab.Node).Cut, "enc1"), mend: cable((*lab.Node).Heal, "enc1")},
	{name: "the cable of the cluster's VIP is cut", breaks: cable((*lab.Node).Cut, "enc5"), mend: cable((*lab.Node).Heal, "enc5")},
	{name: "the cable of the outside VIP is cut", breaks: cable((*lab.Node).Cut, "enc6"), mend: cable((*lab.Node).Heal, "enc6")},
	{
		name: "adverts are lost on the way", split: true,
		breaks: on("nft -f - <<'.'\ntable ip lost { chain out { type filter hook output priority 0; meta l4proto 112 drop; }; }\n."),
		mend:   on("nft delete table ip lost"),
	},
}

// Whatever happens to the holder, the peer takes the VIPs and the client is answered, and everything comes home without a hand.
func TestFailover(t *testing.T) {
	p := up(t, openShift())
	programs := map[*lab.Node]*starts{p.first: watchStarts(t, p.first), p.second: watchStarts(t, p.second)}
	for _, f := range failures {
		t.Run(f.name, func(t *testing.T) { p.survives(t, f) })
	}
	t.Run("only systemd, the two daemons and apply are root", func(t *testing.T) {
		sh(t, p.first, "lbsup reload") // so that apply was there to be seen
		for node, seen := range programs {
			judge(t, node, seen.counts(), node == p.first)
		}
	})
	t.Run("the power fails and comes back", func(t *testing.T) { p.survivesPowerCut(t) })
}

func (p *pair) survives(t *testing.T, f failure) {
	p.well(t)
	w := p.watch(t)
	if f.mend != nil {
		t.Cleanup(func() {
			if t.Failed() {
				f.mend(t, p)
			}
		})
	}
	f.breaks(t, p)
	eventually(t, "the second node has taken the VIP", func() bool { return w.story().came(p.second.Name) })
	if f.mend != nil {
		eventually(t, "the second node holds all VIPs", func() bool { return p.holds(t, p.second) && (f.split || !p.holdsAny(t, p.first)) })
		w.answered(t)
		f.mend(t, p)
	}
	p.well(t)
	w.answered(t)
	p.bounded(t, w, f.split)
}

// bounded says how long the VIP was on two nodes, on none, and silent.
func (p *pair) bounded(t *testing.T, w *traffic, split bool) {
	t.Helper()
	report, story := w.probe.Stop().Since(w.began), w.story()
	t.Logf("twice %v, vacant %v, silent %v: %v", story.twice(), story.vacant(), report.Longest(), story)
	if got := story.twice(); got > mostTwice && !split {
		t.Errorf("two nodes held the VIP for %v: %v", got, story)
	}
	if got := report.Longest(); got > mostSilent {
		t.Errorf("the VIP was silent for %v: %v", got, report)
	}
}

// The kernel of a node without power tells nobody anything, so the timeline is taken up again after the boot.
func (p *pair) survivesPowerCut(t *testing.T) {
	p.well(t)
	w := p.watch(t)
	if err := p.first.PowerOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the second node holds all VIPs", func() bool { return p.holds(t, p.second) })
	w.answered(t)
	p.told(t, p.second, "on this node")
	if err := p.first.Boot(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.timeline.attach(t, p.first)
	p.well(t)
	w.answered(t)
	p.bounded(t, w, false)
}
