package keepalived

import (
	"fmt"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// way is how the VIPs of an instance get from the node that holds them to the next one.
type way struct {
	cluster  *cluster.Cluster
	instance cluster.Instance
	plan     InstancePlan

	holder, next string
}

func newWay(c *cluster.Cluster, i cluster.Instance, plan InstancePlan) way {
	w := way{cluster: c, instance: i, plan: plan}
	if len(plan.Nodes) > 0 {
		w.holder = plan.Nodes[0]
	}
	if len(plan.Nodes) > 1 {
		w.next = plan.Nodes[1]
	}
	return w
}

// silence: adverts fail to come, and the next node waits for three of them.
func (w way) silence(c Case, detection ...Term) Case {
	return w.end(c, Lost, detection, w.masterDown(w.plan.well(w.next))...)
}

// goodbye: keepalived sends an advert of priority 0 and lets go. The next node waits for its skew time alone.
func (w way) goodbye(c Case, detection ...Term) Case {
	return w.end(c, Lost, detection, w.skew(w.plan.well(w.next)))
}

// faulted: lbsup is certain. An instance that holds is lowered all the same, lest nobody be left.
func (w way) faulted(c Case, detection ...Term) Case {
	if w.plan.Hold {
		return w.lowered(c, detection...)
	}
	return w.goodbye(c, append(slices.Clone(detection), pushed)...)
}

// lowered: lbsup is in doubt. The next node ignores the adverts of the lower priority, and the holder keeps the VIPs until then.
func (w way) lowered(c Case, detection ...Term) Case {
	return w.end(c, Stays, append(slices.Clone(detection), pushed), w.masterDown(w.plan.well(w.next))...)
}

// end completes a case. Alone is what it comes to without another node.
func (w way) end(c Case, alone Outcome, detection []Term, wait ...Term) Case {
	if w.next == "" {
		c.Outcome = alone
		return c
	}
	c.Outcome, c.To = Moves, w.next
	c.Terms = slices.Concat(detection, wait, []Term{{"takeover", promote}})
	return c
}

// stays is a case that moves nothing.
func (w way) stays(c Case) Case {
	c.Outcome = Stays
	return c
}

var pushed = Term{"track file", push}

// masterDown is how long a node of a priority listens before it takes a holder for dead: RFC 5798's Master_Down_Interval.
func (w way) masterDown(priority int) []Term {
	return []Term{w.adverts(), w.skew(priority), {"busy host", late}}
}

func (w way) adverts() Term {
	return Term{fmt.Sprintf("%d adverts", missedAdverts), missedAdverts * w.cluster.VRRP.AdvertInterval}
}

// skew is how long a node of a priority waits before it speaks up: a part of the advert interval in version 3 (RFC 5798,
// section 6.1), of a second in version 2 (RFC 3768, section 6.1).
func (w way) skew(priority int) Term {
	unit := w.cluster.VRRP.AdvertInterval
	if w.cluster.VRRP.Version == 2 {
		unit = time.Second
	}
	return Term{"skew", time.Duration(256-priority) * unit / 256}
}
