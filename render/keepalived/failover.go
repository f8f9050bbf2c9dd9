package keepalived

import (
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// Failover says what becomes of the VIPs of one instance when something dies on the node that holds them, all else being well.
type Failover struct {
	Instance string
	Holder   string // who has the VIPs while every node is well
	Next     string // who comes after it; empty: there is no other node
	Return   string // what a node does that is well again
	Cases    []Case
}

// Case is one thing that can die.
type Case struct {
	Name    string // for programs
	What    string
	Noticed string // by which mechanism
	Outcome Outcome
	To      string // who has the VIPs then, if they move
	Terms   []Term // what the worst case is made of, in the order in which it happens
	Note    string
}

// Outcome says where the VIPs are in the end.
type Outcome string

// The outcomes.
const (
	Moves Outcome = "moves" // to another node
	Stays Outcome = "stays" // where they are
	Lost  Outcome = "lost"  // nowhere
)

// Term is a part of a worst case.
type Term struct {
	What string
	Took time.Duration
}

// Worst is the longest that it takes until the VIPs answer on the next node.
func (c Case) Worst() time.Duration {
	var sum time.Duration
	for _, t := range c.Terms {
		sum += t.Took
	}
	return sum
}

// Formula shows how the worst case is added up.
func (c Case) Formula() string {
	var terms []string
	for _, t := range c.Terms {
		terms = append(terms, fmt.Sprintf("%s %s", t.What, Milliseconds(t.Took)))
	}
	return strings.Join(terms, " + ")
}

// Milliseconds writes a time as this plan shows it: whole milliseconds, and tenths below ten of them.
func Milliseconds(d time.Duration) string {
	if d >= 10*time.Millisecond || d%time.Millisecond == 0 {
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// Failovers goes through everything that can die, for every instance of a cluster.
func Failovers(c *cluster.Cluster) []Failover {
	plan := NewPlan(c)
	var out []Failover
	for _, i := range c.VRRP.Instances {
		w := newWay(c, i, plan.Instance(i.Name))
		f := Failover{Instance: i.Name, Holder: w.holder, Next: w.next, Return: returns(i)}
		f.Cases = append(f.Cases, w.haproxyCases()...)
		f.Cases = append(f.Cases, w.keepalivedCases()...)
		f.Cases = append(f.Cases, w.supervisorCases()...)
		f.Cases = append(f.Cases, w.linkCases()...)
		f.Cases = append(f.Cases, w.checkCases()...)
		f.Cases = append(f.Cases, w.everywhereCases()...)
		out = append(out, f)
	}
	return out
}

func returns(i cluster.Instance) string {
	switch {
	case !i.Preempt:
		return "leaves the VIPs where they are"
	case i.PreemptDelay == 0:
		return "takes the VIPs back at once"
	default:
		return fmt.Sprintf("takes the VIPs back after %v", i.PreemptDelay)
	}
}
