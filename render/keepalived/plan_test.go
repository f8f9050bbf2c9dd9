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
		{2, false, InstancePlan{Base: 50, Top: 249, Step: 3, Hold: 4, Spread: 3, Cap: 100, Pull: 108}},
		{3, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 6, Cap: 100, Pull: 114}},
		{8, true, InstancePlan{Base: 50, Top: 253, Step: 3, Spread: 21, Cap: 82, Pull: 126}},
		{9, true, InstancePlan{Base: 50, Top: 253, Step: 2, Spread: 16, Cap: 92, Pull: 126}},
		{16, false, InstancePlan{Base: 50, Top: 222, Step: 2, Hold: 31, Spread: 30, Cap: 64, Pull: 126}},
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
	unsupervised state = iota
	inDoubt
	well
)

// seen is a priority that keepalived can come to for a node, and the state the node is in.
type seen struct {
	node      string
	health    map[string]checks.Health
	holder    bool
	state     state
	effective int
}

func (s seen) String() string {
	return fmt.Sprintf("%s in state %d with %v, holder %v", s.node, s.state, s.health, s.holder)
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
			verdict := func(check string) checks.Verdict { return checks.Verdict{Check: check, Health: health[check]} }
			for _, holder := range []bool{false, true} {
				level := p.Value(node, verdict, holder)
				if want := mustFault(tracked, health); level.Fault != want {
					t.Fatalf("%s %v: FAULT %v, want %v", node, health, level.Fault, want)
				}
				if level.Fault {
					if level.Value != -254 {
						t.Fatalf("%s %v: FAULT is written as %d, want -254", node, health, level.Value)
					}
					continue
				}
				if level.Effective != p.Base+level.Value {
					t.Fatalf("%s %v: %d in the file makes %d, not %d", node, health, level.Value, p.Base+level.Value, level.Effective)
				}
				s := well
				if doubtful(tracked, health) {
					s = inDoubt
				}
				all = append(all, seen{node, health, holder, s, level.Effective}, seen{node, health, holder, unsupervised, level.Effective - p.Pull})
			}
		}
	}
	return all
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
		for _, preempt := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d nodes, preempt %v", n, preempt), func(t *testing.T) {
				p := NewPlan(of(n, preempt, tracked...)).Instance("VI")
				lowest := map[state]seen{}
				highest := map[state]seen{}
				for _, s := range everything(t, p, tracked) {
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
				for better := inDoubt; better <= well; better++ {
					if low, high := lowest[better], highest[better-1]; low.effective <= high.effective {
						t.Errorf("%s: %d is not above %s: %d", low, low.effective, high, high.effective)
					}
				}
			})
		}
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
