package keepalived

import (
	"testing"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// condition is that of one node: the link of a VIP, and HAProxy.
type condition struct{ link, haproxy bool }

var (
	fine     = condition{true, true}
	unlinked = condition{false, true}
	dead     = condition{true, false}
	neither  = condition{false, false}
)

const (
	deadOnA = "a, whose HAProxy is dead"
	deadOnB = "b, whose HAProxy is dead"
)

// sixteen are all conditions that a documented pair of hand-written configurations can be in (priorities 100 and 50, 51 more while a
// script finds HAProxy), who has the VIPs then as keepalived was seen to do it, and who has them by this plan.
var sixteen = []struct {
	a, b                   condition
	documented, ours, hold string
}{
	{fine, fine, "a", "a", "a"},
	{fine, unlinked, "a", "a", "a"},
	{fine, dead, "a", "a", "a"},
	{fine, neither, "a", "a", "a"},
	{unlinked, fine, "b", "b", "b"},
	{unlinked, unlinked, "nobody", "nobody", "nobody"},
	{unlinked, dead, deadOnB, "nobody", deadOnB},
	{unlinked, neither, "nobody", "nobody", "nobody"},
	{dead, fine, "b", "b", "b"},
	{dead, unlinked, deadOnA, "nobody", deadOnA},
	{dead, dead, deadOnA, "nobody", deadOnA}, // a had them before
	{dead, neither, deadOnA, "nobody", deadOnA},
	{neither, fine, "b", "b", "b"},
	{neither, unlinked, "nobody", "nobody", "nobody"},
	{neither, dead, deadOnB, "nobody", deadOnB},
	{neither, neither, "nobody", "nobody", "nobody"},
}

// elected is who has the VIPs: the highest priority, and a if both are equal. 0 is FAULT.
func elected(a, b int, ca, cb condition) string {
	switch {
	case a == 0 && b == 0:
		return "nobody"
	case a >= b && !ca.haproxy:
		return deadOnA
	case a >= b:
		return "a"
	case !cb.haproxy:
		return deadOnB
	default:
		return "b"
	}
}

// byHand is the priority that the documented configuration comes to. A VIP's link that is down is FAULT, whatever weight the same
// link has where it is tracked.
func byHand(base int, c condition) int {
	switch {
	case !c.link:
		return 0
	case c.haproxy:
		return base + 51
	default:
		return base
	}
}

// byPlan is the priority that this plan comes to.
func byPlan(p InstancePlan, node string, c condition) int {
	level := levelOf(p, node, c)
	if level.Fault || !c.link {
		return 0
	}
	return level.Effective
}

func levelOf(p InstancePlan, node string, c condition) Level {
	verdict := checks.Verdict{Health: checks.Healthy}
	if !c.haproxy {
		verdict.Health = checks.Failed
	}
	return p.Value(node, func(string) checks.Verdict { return verdict }, false)
}

func TestSixteen(t *testing.T) {
	seen := map[[2]condition]bool{}
	c := of(2, true, cluster.TrackedCheck{Check: checks.HAProxy, Effect: checks.Fault})
	plan := NewPlan(c).Instance("VI")
	c.VRRP.Instances[0].Hold = true
	holding := NewPlan(c).Instance("VI")
	a, b := plan.Nodes[0], plan.Nodes[1]
	for _, row := range sixteen {
		seen[[2]condition{row.a, row.b}] = true
		if got := elected(byHand(100, row.a), byHand(50, row.b), row.a, row.b); got != row.documented {
			t.Errorf("%+v: by hand %s, want %s", row, got, row.documented)
		}
		if got := elected(byPlan(plan, a, row.a), byPlan(plan, b, row.b), row.a, row.b); got != row.ours {
			t.Errorf("%+v: by plan %s, want %s", row, got, row.ours)
		}
		if got := elected(byPlan(holding, a, row.a), byPlan(holding, b, row.b), row.a, row.b); got != row.hold {
			t.Errorf("%+v: with hold %s, want %s", row, got, row.hold)
		}
		if works := row.a == fine || row.b == fine; works != (row.ours == "a" || row.ours == "b") {
			t.Errorf("%+v: a node that works has the VIPs exactly if there is one", row)
		}
	}
	if len(seen) != 16 {
		t.Errorf("%d combinations, want all 16", len(seen))
	}
}

// TestTieByHand shows the tie of the same pair where the VIPs do not count for their links, but a tracked link gives 50.
func TestTieByHand(t *testing.T) {
	const priority, script, link = 100, 51, 50
	if a, b := priority+script, priority-50+script+link; a != b {
		t.Errorf("%d and %d", a, b)
	}
	p := NewPlan(of(2, true, cluster.TrackedCheck{Check: checks.HAProxy, Effect: checks.Fault})).Instance("VI")
	if a, b := byPlan(p, p.Nodes[0], unlinked), byPlan(p, p.Nodes[1], fine); a >= b {
		t.Errorf("by plan %d and %d", a, b)
	}
}
