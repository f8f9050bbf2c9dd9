package keepalived

import (
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
)

// The priorities of a VRRP instance, and the one place where they are decided.
//
// keepalived adds up three numbers: the priority in its configuration (Base), the number in the instance's track file, which is
// ours to write at any time, and the weight of the script that asks lbsup for its health (−Pull while it gets no answer). The sum
// has to stay within 1..254, for keepalived would cut it off there and two nodes that differ would become equal.
//
// Seen from above, for n nodes with the ranks 0, 1, … in the order of the instance's preference:
//
//	Top − Step×rank                a well node, between Top and Top − spread, where spread = Step×(n−1)
//	  + Keep                       an instance without preemption only: who holds the address keeps it from every other well node
//	  − spread − the weights       a node in doubt. The spread puts it below every well node, its weights order it among those in
//	                               doubt; together at most Cap. A node that recovers, well but not for long enough to take its place
//	                               back, is in the least doubt there is: one
//	  − Pull                       nobody answers for the node: below every node in doubt, whatever its file said last
//	Bottom                         certain death in an instance that holds: below every other node. All dead nodes are equal, so the
//	                               address stays with whoever has it: a backup takes adverts of its own priority for a master's
//	FAULT                          certain death in any other instance; the number does not count
//
// So for any two nodes: well > recovering or in doubt > unsupervised > dead. Two nodes in the same state keep the order of
// preference, so that doubt on every node moves nothing for long and leaves the address with somebody.
//
// Top is 253 and not the sum of what must fit, because a peer waits (256 − its priority)/256 of an advert interval before it takes
// over. 254 stays free for a hand on the wheel, and 255 means the owner of the address.
const (
	top      = 253
	base     = 50 // what a node without a track file has
	bottom   = 1
	faulted  = -254
	maxNodes = 16
)

// Plan is the arithmetic of a cluster. It depends on nothing but the cluster file, so every node comes to the same one.
type Plan struct {
	instances map[string]InstancePlan
	pull      int
}

// InstancePlan is the arithmetic of one VRRP instance.
type InstancePlan struct {
	Name   string
	Nodes  []string // by rank
	Base   int      // the priority in keepalived's configuration
	Top    int      // the priority of the first well node, who does not hold the address if that makes a difference
	Step   int      // from one rank to the next
	Keep   int      // what the well holder of an instance without preemption has more; 0 with preemption
	Spread int      // from the first rank to the last, and what doubt costs before its weights
	Cap    int      // the most that doubt costs
	Pull   int      // what a node loses when nobody answers for it
	Hold   bool     // a dead node goes to the bottom instead of into FAULT

	checks []cluster.TrackedCheck
}

// NewPlan plans the priorities of a cluster with at most 16 nodes.
//
// Everything has to fit between Top and Bottom: (Top − Keep) − Spread − Cap − Pull > 1. With Keep = Spread + 1, the least that
// outweighs any preference, and Pull = Keep + Spread + Cap + 1, the least that puts a silent node below every doubtful one, that
// leaves Cap ≤ 125 − Spread − Keep. Three is a step that a person can read; more than eight nodes have room for two.
func NewPlan(c *cluster.Cluster) Plan {
	step := 3
	if len(c.Nodes) > 8 {
		step = 2
	}
	spread := step * max(0, len(c.Nodes)-1)
	keep := spread + 1
	limit := min(100, 125-spread-keep)
	plan := Plan{instances: map[string]InstancePlan{}, pull: keep + spread + limit + 1}
	for _, i := range c.VRRP.Instances {
		p := InstancePlan{Name: i.Name, Nodes: slices.Clone(i.Prefer), Base: base, Top: top, Step: step, Spread: spread, Cap: limit,
			Pull: plan.pull, Hold: i.Hold, checks: slices.Clone(i.Track.Checks)}
		if !i.Preempt {
			p.Keep, p.Top = keep, top-keep
		}
		plan.instances[i.Name] = p
	}
	return plan
}

// Pull is the weight of the health question, the same for every instance, since keepalived asks once for all of them.
func (p Plan) Pull() int { return p.pull }

// Instance returns the plan of an instance. For a name that the cluster file does not have it is the zero plan, without a name.
func (p Plan) Instance(name string) InstancePlan { return p.instances[name] }
