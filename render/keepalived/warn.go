package keepalived

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// Warning is something in a cluster file that is allowed and has cost others a failover.
type Warning struct {
	Where string // in the words of the cluster file
	Text  string
	Hint  string // what to do about it
}

// Warnings looks for the documented mistakes that a valid cluster file can still make.
func Warnings(c *cluster.Cluster) []Warning {
	out := slices.Concat(aboutNodes(c), aboutAdverts(c))
	for _, i := range c.VRRP.Instances {
		where := "vrrp.instances." + i.Name
		out = append(out, slices.Concat(aboutTracking(where, c, i), aboutLinks(where, i), aboutReturn(where, i))...)
	}
	return append(out, aboutChecks(c)...)
}

// RuledOut are the documented mistakes of hand-written pairs that no cluster file can make, and why.
func RuledOut() []string {
	return []string{
		"a weight smaller than the gap between two priorities: any doubt puts a node below every well one",
		"a tie that leaves the VIPs with a dead HAProxy: no well node is equal to another, and death is no weight",
		"nopreempt that stops every failover: preempt: false is a higher priority of the holder instead",
		"a script in a sync group that is ignored: there are no sync groups",
		"a monitor whose own death takes the VIPs from every node: it lowers all nodes alike",
		"a check that is slower than its interval: such a file is refused",
		"vrrp_strict without accept, which drops all traffic to the VIPs: vrrp_strict is not used",
	}
}

func aboutNodes(c *cluster.Cluster) []Warning {
	if len(c.Nodes) > 1 {
		return nil
	}
	return []Warning{{"nodes", "there is one node alone: nobody takes over", "add a second node"}}
}

// How long adverts may be apart before a takeover becomes slow, and how close before a host that stalls for a moment loses its VIPs.
const (
	slowAdvert = 500 * time.Millisecond
	fastAdvert = 50 * time.Millisecond
)

func aboutAdverts(c *cluster.Cluster) []Warning {
	advert := c.VRRP.AdvertInterval
	wait := Milliseconds(missedAdverts * advert)
	switch {
	case advert >= slowAdvert && c.VRRP.Version == 2:
		hint := "write version: 3 under vrrp, on every node at once: its adverts come every 200ms"
		if authenticated(c) {
			hint += "; it has no authentication, so keep strangers out of the network instead"
		}
		return []Warning{{"vrrp.version", "version 2 cannot send adverts more often than once a second: a dead host is noticed after " + wait, hint}}
	case advert >= slowAdvert:
		return []Warning{{"vrrp.advert_interval", fmt.Sprintf("with adverts every %v a dead host is noticed after %s", advert, wait), "200ms is the default"}}
	case advert < fastAdvert:
		return []Warning{{"vrrp.advert_interval", "a host that stalls for " + wait + " loses its VIPs", "a virtual machine stalls longer now and then: 200ms is the default"}}
	default:
		return nil
	}
}

func authenticated(c *cluster.Cluster) bool {
	return slices.ContainsFunc(c.VRRP.Instances, func(i cluster.Instance) bool { return i.Auth != nil })
}

// aboutLinks warns of links whose loss is FAULT on every node at once, and of adverts that travel apart from the VIPs.
func aboutLinks(where string, i cluster.Instance) (out []Warning) {
	vips := vipLinks(i)
	for n, link := range i.Track.Interfaces {
		at := fmt.Sprintf("%s.track.interfaces[%d]", where, n)
		if link == i.Interface || slices.Contains(vips, link) {
			out = append(out, Warning{at, "keepalived tracks " + link + " anyway: the instance uses it", "leave it out"})
		} else {
			out = append(out, Warning{at, "a switch that takes " + link + " away from every node at once puts the instance in FAULT on all of them: nobody has the VIPs",
				"an interface check with on_fail: lower moves them and never drops them"})
		}
	}
	if apart := slices.DeleteFunc(vips, func(link string) bool { return link == i.Interface }); len(apart) > 0 {
		out = append(out, Warning{where + ".interface", fmt.Sprintf("adverts travel on %s, the VIPs are on %s: where only the network of %s is cut, both nodes have the VIPs",
			i.Interface, strings.Join(apart, " and "), i.Interface), "let adverts travel where the clients are, or make that network redundant"})
	}
	return out
}

// vipLinks are the interfaces that the VIPs are on.
func vipLinks(i cluster.Instance) (out []string) {
	for _, v := range i.Addresses {
		out = append(out, v.Interface)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func aboutReturn(where string, i cluster.Instance) []Warning {
	if !i.Preempt || i.PreemptDelay > 0 {
		return nil
	}
	return []Warning{{where + ".preempt_delay", "a node that comes and goes takes the VIPs along each time", "3s is the default"}}
}
