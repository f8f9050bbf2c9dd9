package keepalived

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// Level is where a node stands for one VRRP instance.
type Level struct {
	Value     int    // what belongs in the track file
	Effective int    // the priority that keepalived makes of it while lbsup answers; 0 in FAULT
	Fault     bool   // the node cannot hold the address at all
	Reason    string // one line, for a person
}

// Value decides where a node stands, given the verdicts of its checks and whether it holds the address.
//
//	effect   healthy   in doubt         failed           never answered
//	fault    –         lowers by Room   FAULT            lowers by Room
//	lower    –         lowers by W      lowers by W      –
//	report   –         –                –                –
//
// Certain death faults; doubt only lowers: a fault needs a verdict that is Failed. Room is all the doubt that counts, W the weight
// in the cluster file or half of Room. What has never been answered is doubt where a life depends on it and no news elsewhere.
func (p InstancePlan) Value(node string, verdicts func(check string) checks.Verdict, holder bool) Level {
	level := Level{Effective: p.well(node)}
	doubt, reasons := 0, []string(nil)
	for _, c := range p.checks {
		v := verdicts(c.Check)
		if c.Effect == checks.Fault && v.Health == checks.Failed {
			return Level{Value: faulted, Fault: true, Reason: "FAULT: " + tell(c.Check, v)}
		}
		if lowered := p.lowering(c, v.Health); lowered > 0 {
			doubt += lowered
			reasons = append(reasons, tell(c.Check, v))
		}
	}
	level.Reason = p.rank(node)
	switch {
	case doubt > 0:
		lowered := min(p.Spread+doubt, p.Cap)
		level.Effective -= lowered
		level.Reason = fmt.Sprintf("lowered by %d: %s", lowered, strings.Join(reasons, "; "))
	case holder && p.Hold > 0:
		level.Effective += p.Hold
		level.Reason += ", keeps the address that it holds"
	}
	level.Value = level.Effective - p.Base
	return level
}

// Room is how far doubt can order the nodes that are in doubt: what is left of Cap when they are all below every well one.
func (p InstancePlan) Room() int { return p.Cap - p.Spread }

// lowering is how far one check lowers the node.
func (p InstancePlan) lowering(c cluster.TrackedCheck, health checks.Health) int {
	doubtful := health == checks.Doubtful || health == checks.Failed
	switch {
	case c.Effect == checks.Fault && health != checks.Healthy:
		return p.Room()
	case c.Effect == checks.Lower && doubtful && c.Weight > 0:
		return c.Weight
	case c.Effect == checks.Lower && doubtful:
		return p.Room() / 2
	default:
		return 0
	}
}

// well is the priority of a well node. One that the cluster file does not know comes last.
func (p InstancePlan) well(node string) int {
	rank := slices.Index(p.Nodes, node)
	if rank < 0 {
		rank = max(0, len(p.Nodes)-1)
	}
	return p.Top - p.Step*rank
}

func (p InstancePlan) rank(node string) string {
	if !slices.Contains(p.Nodes, node) {
		return "well, not in the order of preference"
	}
	return fmt.Sprintf("well, number %d of %d in preference", slices.Index(p.Nodes, node)+1, len(p.Nodes))
}

func tell(check string, v checks.Verdict) string {
	health := v.Health.String()
	if v.Health == checks.Unknown {
		health = "not answered yet"
	}
	if v.Reason == "" {
		return check + " " + health
	}
	return check + " " + health + " (" + v.Reason + ")"
}
