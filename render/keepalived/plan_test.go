package keepalived

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// of is a cluster of n nodes with one instance that tracks what is given.
func of(n int, preempt bool, tracked ...cluster.TrackedCheck) *cluster.Cluster {
	c := &cluster.Cluster{Name: "c"}
	for i := range n {
		c.Nodes = append(c.Nodes, cluster.Node{Name: fmt.Sprintf("n%d", i)})
	}
	instance := cluster.Instance{Name: "VI", Preempt: preempt, Track: cluster.Track{Checks: tracked}}
	for i := range n {
		instance.Prefer = append(instance.Prefer, fmt.Sprintf("n%d", n-1-i)) // the other way round: rank is not the order of the nodes
	}
	c.VRRP.Instances = []cluster.Instance{instance}
	return c
}

func TestNewPlan(t *testing.T) {
	for _, c := range []struct {
		nodes   int
		preempt bool
		want    InstancePlan
	}{
		{1, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 0, Cap: 100, Pull: 102}},
		{2, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 3, Cap: 100, Pull: 108}},
		{2, false, InstancePlan{Base: 50, Top: 249, Step: 3, Keep: 4, Spread: 3, Cap: 100, Pull: 108}},
		{3, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 6, Cap: 100, Pull: 114}},
		{8, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 21, Cap: 82, Pull: 126}},
		{9, true, InstancePlan{Base: 50, Top: 253, Step: 2, Spread: 16, Cap: 92, Pull: 126}},
		{16, false, InstancePlan{Base: 50, Top: 222, Step: 2, Keep: 31, Spread: 30, Cap: 64, Pull: 126}},
	} {
		t.Run(fmt.Sprintf("%d nodes, preempt %v", c.nodes, c.preempt), func(t *testing.T) {
			plan := NewPlan(of(c.nodes, c.preempt))
			got := plan.Instance("VI")
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(InstancePlan{}), cmpopts.IgnoreFields(InstancePlan{}, "Name", "Nodes")); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
			if plan.Pull() != c.want.Pull {
				t.Errorf("pull: got %d, want %d", plan.Pull(), c.want.Pull)
			}
		})
	}
	if got := NewPlan(of(2, true)).Instance("unknown"); got.Name != "" || got.Value("n0", nil, false).Fault {
		t.Errorf("an instance that nobody knows: got %+v", got)
	}
}

// state is what a node can be in, worst first.
type state int

const (
	atBottom state = iota // dead, in an instance that holds
	unsupervised
	inDoubt // or recovering
	well
)

// seen is a priority that keepalived can come to for a node, and the state the node is in.
type seen struct {
	node      string
	health    map[string]checks.Health
	standing  Standing
	state     state
	effective int
}

func (s seen) String() string {
	return fmt.Sprintf("%s in state %d with %v, %+v", s.node, s.state, s.health, s.standing)
}

var allHealth = []checks.Health{checks.Unknown, checks.Healthy, checks.Doubtful, checks.Failed}

// everything lists each priority of each node: every combination of verdicts, holding or not, supervised or not.
func everything(t *testing.T, p InstancePlan, tracked []cluster.TrackedCheck) []seen {
	t.Helper()
	var all []seen
	for _, node := range p.Nodes {
		for combination := range pow(len(allHealth), len(tracked)) {
			health := map[string]checks.Health{}
			for i, rest := 0, combination; i < len(tracked); i, rest = i+1, rest/len(allHealth) {
				health[tracked[i].Check] = allHealth[rest%len(allHealth)]
			}
			for _, standing := range []Standing{{}, {Holder: true}, {Recovering: true}, {Holder: true, Recovering: true}} {
				all = append(all, look(t, p, tracked, node, health, standing)...)
			}
		}
	}
	return all
}

// look wants a level that agrees with itself, and says what priorities keepalived can make of it.
func look(t *testing.T, p InstancePlan, tracked []cluster.TrackedCheck, node string, health map[string]checks.Health, standing Standing) []seen {
	t.Helper()
	level := p.Level(node, func(check string) checks.Verdict { return checks.Verdict{Check: check, Health: health[check]} }, standing)
	dead, doubt := mustFault(tracked, health), doubtful(tracked, health)
	s := seen{node, health, standing, well, level.Effective}
	switch {
	case level.Dead != dead || level.Fault != (dead && !p.Hold) || level.Well != (!dead && !doubt):
		t.Fatalf("%s: got %+v", s, level)
	case level.Fault && level.Value != -254:
		t.Fatalf("%s: FAULT is written as %d, want -254", s, level.Value)
	case level.Fault:
		return nil
	case level.Effective != p.Base+level.Value:
		t.Fatalf("%s: %d in the file makes %d, not %d", s, level.Value, p.Base+level.Value, level.Effective)
	case dead:
		s.state = atBottom
		return []seen{s} // unsupervised, keepalived cuts it off at the same 1
	case doubt || standing.Recovering && !standing.Holder:
		s.state = inDoubt
	}
	silent := s
	silent.state, silent.effective = unsupervised, s.effective-p.Pull
	return []seen{s, silent}
}

func pow(base, exponent int) int {
	result := 1
	for range exponent {
		result *= base
	}
	return result
}

// mustFault and doubtful say again, in other words than the code, what the verdicts mean.
func mustFault(tracked []cluster.TrackedCheck, health map[string]checks.Health) bool {
	return slices.ContainsFunc(tracked, func(c cluster.TrackedCheck) bool {
		return c.Effect == checks.Fault && health[c.Check] == checks.Failed
	})
}

func doubtful(tracked []cluster.TrackedCheck, health map[string]checks.Health) bool {
	return slices.ContainsFunc(tracked, func(c cluster.TrackedCheck) bool {
		h := health[c.Check]
		return c.Effect == checks.Fault && (h == checks.Doubtful || h == checks.Unknown) ||
			c.Effect == checks.Lower && (h == checks.Doubtful || h == checks.Failed)
	})
}

// TestOrder goes through all sizes of clusters, ranks and verdicts: every priority is one that keepalived does not cut off, and a
// node in a better state is above every node in a worse one.
func TestOrder(t *testing.T) {
	tracked := []cluster.TrackedCheck{
		{Check: checks.HAProxy, Effect: checks.Fault},
		{Check: "heavy", Effect: checks.Lower, Weight: 100},
		{Check: "light", Effect: checks.Lower, Weight: 1},
		{Check: "plain", Effect: checks.Lower},
		{Check: "shown", Effect: checks.Report},
	}
	for n := 1; n <= maxNodes; n++ {
		for _, kind := range []struct{ preempt, hold bool }{{true, false}, {false, false}, {true, true}, {false, true}} {
			t.Run(fmt.Sprintf("%d nodes, preempt %v, hold %v", n, kind.preempt, kind.hold), func(t *testing.T) {
				c := of(n, kind.preempt, tracked...)
				c.VRRP.Instances[0].Hold = kind.hold
				ordered(t, everything(t, NewPlan(c).Instance("VI"), tracked))
			})
		}
	}
}

// ordered wants every state above the next worse one.
func ordered(t *testing.T, all []seen) {
	t.Helper()
	lowest, highest := map[state]seen{}, map[state]seen{}
	for _, s := range all {
		if s.effective < 1 || s.effective > 253 {
			t.Fatalf("%s: priority %d, want 1 to 253", s, s.effective)
		}
		if low, ok := lowest[s.state]; !ok || s.effective < low.effective {
			lowest[s.state] = s
		}
		if high, ok := highest[s.state]; !ok || s.effective > high.effective {
			highest[s.state] = s
		}
	}
	for better := unsupervised; better <= well; better++ {
		worse, ok := highest[better-1]
		if low := lowest[better]; ok && low.effective <= worse.effective {
			t.Errorf("%s: %d is not above %s: %d", low, low.effective, worse, worse.effective)
		}
	}
	if low, high := lowest[atBottom], highest[atBottom]; low.effective != high.effective {
		t.Errorf("dead nodes differ: %s: %d, %s: %d", low, low.effective, high, high.effective)
	}
}

// TestPreference wants the order of preference among nodes that are in the same state, and of two holders by turns.
func TestPreference(t *testing.T) {
	for n := 2; n <= maxNodes; n++ {
		for _, preempt := range []bool{true, false} {
			p := NewPlan(of(n, preempt)).Instance("VI")
			value := func(node string, holder bool) int { return p.Value(node, nil, holder).Effective }
			first, last := p.Nodes[0], p.Nodes[n-1]
			for rank, node := range p.Nodes[1:] {
				if value(p.Nodes[rank], false) <= value(node, false) {
					t.Errorf("%d nodes: rank %d is not above rank %d", n, rank, rank+1)
				}
			}
			if keeps := value(last, true) > value(first, false); keeps == preempt {
				t.Errorf("%d nodes, preempt %v: the last node keeps the address from the first: %v", n, preempt, keeps)
			}
		}
	}
}
