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
	Dead      bool   // a check that faults has certainly failed: FAULT, or the bottom of an instance that holds
	Well      bool   // no check speaks against the node, even if it has not been so for long enough
	Reason    string // one line, for a person
}

// Standing is what counts beside the verdicts of a node's checks.
type Standing struct {
	Holder     bool // the node holds the address
	Recovering bool // it has not been well for as long as the instance's preempt_delay
}

// Value is the Level of a node that does not recover from anything.
func (p InstancePlan) Value(node string, verdicts func(check string) checks.Verdict, holder bool) Level {
	return p.Level(node, verdicts, Standing{Holder: holder})
}

// Level decides where a node stands.
//
//	effect   healthy   in doubt         failed           never answered
//	fault    –         lowers by Room   FAULT or Bottom  lowers by Room
//	lower    –         lowers by W      lowers by W      –
//	report   –         –                –                –
//
// Certain death faults; doubt only lowers: a fault needs a verdict that is Failed. Room is all the doubt that counts, W the weight
// in the cluster file or half of Room. What has never been answered is doubt where a life depends on it and no news elsewhere.
//
// Who holds the address does not take it back, so only the others recover: a holder that waited as well would lose the address to
// the next one that comes back.
func (p InstancePlan) Level(node string, verdicts func(check string) checks.Verdict, s Standing) Level {
	level := Level{Effective: p.well(node)}
	doubt, reasons := 0, []string(nil)
	for _, c := range p.checks {
		v := verdicts(c.Check)
		if c.Effect == checks.Fault && v.Health == checks.Failed {
			return p.dead(tell(c.Check, v))
		}
		if lowered := p.lowering(c, v.Health); lowered > 0 {
			doubt += lowered
			reasons = append(reasons, tell(c.Check, v))
		}
	}
	level.Well = doubt == 0
	level.Reason = p.rank(node)
	if s.Recovering && !s.Holder {
		doubt += leastDoubt
		reasons = append(reasons, "not well for long enough to take its place back")
	}
	switch {
	case doubt > 0:
		lowered := min(p.Spread+doubt, p.Cap)
		level.Effective -= lowered
		level.Reason = fmt.Sprintf("lowered by %d: %s", lowered, strings.Join(reasons, "; "))
	case s.Holder && p.Keep > 0:
		level.Effective += p.Keep
		level.Reason += ", keeps the address that it holds"
	}
	level.Value = level.Effective - p.Base
	return level
}

const leastDoubt = 1

// dead is where a node stands that is certainly dead.
func (p InstancePlan) dead(reason string) Level {
	if p.Hold {
		return Level{Value: bottom - p.Base, Effective: bottom, Dead: true, Reason: "at the bottom: " + reason}
	}
	return Level{Value: faulted, Fault: true, Dead: true, Reason: "FAULT: " + reason}
}

// Starting is where a node stands whose HAProxy takes its time to start: it has the address only if nobody else announces it.
func (p InstancePlan) Starting(reason string) Level {
	return Level{Value: bottom - p.Base, Effective: bottom, Reason: "at the bottom: " + reason}
}

// Yielded is where a node stands that has let go of an address, for another one has it.
func Yielded(reason string) Level {
	return Level{Value: faulted, Fault: true, Reason: "yields: " + reason}
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
