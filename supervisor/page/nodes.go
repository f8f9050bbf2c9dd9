package page

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Node is one load balancer in the drawing.
type Node struct {
	Name    string   `json:"name"`
	Address string   `json:"address"`
	Here    bool     `json:"here"` // it is the one that tells
	Tone    Tone     `json:"tone"`
	Role    string   `json:"role"`
	Words   []string `json:"words"`
}

// Instance is one VRRP instance in the drawing.
type Instance struct {
	Name    string   `json:"name"`
	Tone    Tone     `json:"tone"`
	VIPs    []string `json:"vips"`
	Holders []string `json:"holders"` // none: nobody knows; two: a split brain
	State   string   `json:"state"`
	Numbers string   `json:"numbers"` // the priority, beside the one of a node that is well
	Why     string   `json:"why"`
}

func instancesOf(s status.Snapshot, split map[string]bool) []Instance {
	out := []Instance{}
	for _, i := range s.Instances {
		one := Instance{VIPs: []string{}, Name: i.Name, Tone: Good, State: i.State, Holders: holders(s, i, split[i.Name]), Why: i.Why,
			Numbers: fmt.Sprintf("priority %d", i.Priority)}
		if i.Priority != i.Wanted {
			one.Numbers += fmt.Sprintf(" of %d", i.Wanted)
		}
		if i.Reason != "" && i.Priority != i.Wanted {
			one.Why += ": " + i.Reason
		}
		for _, vip := range i.VIPs {
			address, _, _ := strings.Cut(vip.Address, "/")
			one.VIPs = append(one.VIPs, address)
		}
		switch len(one.Holders) {
		case 0:
			one.Tone = Mute
		case 1:
		default:
			one.Tone = Bad
		}
		out = append(out, one)
	}
	return out
}

// holders are the nodes that have the VIPs. The kernel of this node knows about this node; of another it is what this one
// was told.
func holders(s status.Snapshot, i status.Instance, split bool) []string {
	out := []string{}
	here := slices.ContainsFunc(i.VIPs, func(v status.VIP) bool { return v.Here })
	for _, n := range s.Nodes {
		other := i.Holder == n.Name || split && len(s.Nodes) == 2
		if n.Name == s.Node && here || n.Name != s.Node && other {
			out = append(out, n.Name)
		}
	}
	return out
}

func nodesOf(s status.Snapshot, split map[string]bool) []Node {
	out := []Node{}
	instances := instancesOf(s, split)
	for _, n := range s.Nodes {
		one := Node{Words: []string{}, Name: n.Name, Address: n.Address, Here: n.Name == s.Node}
		held := 0
		for _, i := range instances {
			if slices.Contains(i.Holders, n.Name) {
				held++
				one.Tone = worse(one.Tone, i.Tone)
			}
		}
		one.Role = roleIn(held, len(instances))
		if one.Here {
			one.self(s, held)
		} else {
			one.Tone, one.Words = worse(one.Tone, Mute), []string{"as " + s.Node + " sees it"}
			one.peer(s, held)
		}
		out = append(out, one)
	}
	return out
}

func roleIn(held, all int) string {
	switch {
	case held == 0:
		return "stands by"
	case held == all:
		return "holds the VIPs"
	default:
		return fmt.Sprintf("holds %d of %d", held, all)
	}
}

// peer adds what another node tells of itself, where it does.
func (n *Node) peer(s status.Snapshot, held int) {
	at := slices.IndexFunc(s.Peers, func(p status.Peer) bool { return p.Node == n.Name })
	if at < 0 {
		return
	}
	switch p := s.Peers[at]; {
	case p.Trouble != "":
		n.Tone, n.Words = worse(n.Tone, Warn), []string{"does not tell " + s.Node + " of itself"}
	case p.Summary != nil:
		haproxy, keepalived := daemonOf(status.Unit{Active: p.Summary.HAProxy}), daemonOf(status.Unit{Active: p.Summary.Keepalived})
		n.Words = []string{"HAProxy " + haproxy.Words, "keepalived " + keepalived.Words}
		n.Tone = worse(n.Tone, worse(ill(haproxy), ill(keepalived)))
		if held == 0 && slices.ContainsFunc(p.Summary.Instances, func(i status.PeerInstance) bool { return i.State == "FAULT" }) {
			n.Tone, n.Role = Bad, "cannot hold VIPs"
		}
		if !p.Summary.Well {
			n.Tone = worse(n.Tone, Warn)
		}
	}
}

// self adds what only the node itself knows.
func (n *Node) self(s status.Snapshot, held int) {
	tone := Mute
	if held > 0 {
		tone = Good
	}
	for _, i := range s.Instances {
		if i.State == "FAULT" || i.State == "STOP" {
			tone = Bad
			if held == 0 {
				n.Role = "cannot hold VIPs"
			}
		} else if i.Priority < i.Wanted {
			tone = worse(tone, Warn)
		}
	}
	haproxy, keepalived := haproxyOf(s.HAProxy), daemonOf(s.Keepalived)
	n.Words = []string{"HAProxy " + haproxy.Words, "keepalived " + keepalived.Words}
	n.Tone = worse(n.Tone, worse(tone, worse(ill(haproxy), ill(keepalived))))
}

// ill is the tone of a daemon where it says that something is wrong.
func ill(d Daemon) Tone {
	if d.Tone == Bad || d.Tone == Warn {
		return d.Tone
	}
	return Mute
}

// worse is the tone that weighs more.
func worse(a, b Tone) Tone {
	order := []Tone{"", Mute, Good, Warn, Bad}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

func haproxyOf(h status.HAProxy) Daemon {
	d := daemonOf(h.Unit)
	if d.Tone != Good {
		return d
	}
	d.Words = "serves:"
	if h.Version != "" {
		d.Words = h.Version + ":"
	}
	d.Words += fmt.Sprintf(" %d connection%s", h.Connections, plural(h.Connections))
	if n := len(h.OldWorkers); n > 0 {
		d.Words += fmt.Sprintf(", %d old worker%s", n, plural(n))
	}
	return d
}

func daemonOf(u status.Unit) Daemon {
	switch u.Active {
	case "active", "reloading":
		return Daemon{Good, "runs", u.Since}
	case "activating":
		return Daemon{Warn, "is starting", u.Since}
	case "":
		return Daemon{Mute, "is not known", u.Since}
	case "failed":
		return Daemon{Bad, "has failed", u.Since}
	default:
		return Daemon{Bad, "does not run", u.Since}
	}
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
