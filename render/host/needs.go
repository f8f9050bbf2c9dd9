package host

import (
	"cmp"
	"net/netip"
	"slices"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// Needs is what one node needs of its host.
type Needs struct {
	Cluster  string        `json:"cluster"`
	Node     string        `json:"node"`
	Ports    []Port        `json:"ports"`         // that clients connect to, by number
	Own      []Port        `json:"own,omitempty"` // that lbsup itself listens on
	Adverts  []Adverts     `json:"adverts"`       // that peers send, in the order of the cluster file
	Sysctls  []Sysctl      `json:"sysctls"`       // to set
	Unneeded []Sysctl      `json:"unneeded"`      // that hand-built pairs set, and this one does without
	Notes    []render.Note `json:"notes,omitempty"`
}

// Port is a TCP port that HAProxy, or lbsup, listens on.
type Port struct {
	Number     uint16       `json:"port"`
	Address    netip.Addr   `json:"address,omitzero"`     // the zero Addr: every address
	Interfaces []string     `json:"interfaces,omitempty"` // where clients come in: those of the address; none: not told by the cluster file
	From       []netip.Addr `json:"from,omitempty"`       // who connects; none: anybody
	For        string       `json:"for"`                  // the service
}

// Adverts are those of one or more instances on one interface.
type Adverts struct {
	Interface     string       `json:"interface"`
	IPv6          bool         `json:"ipv6,omitempty"`
	Authenticated bool         `json:"authenticated,omitempty"` // they come in an authentication header
	From          []netip.Addr `json:"from,omitempty"`          // unicast, from these peers; none: multicast
	For           string       `json:"for"`                     // the instance
}

// Of returns what a node needs.
func Of(l *cluster.Local) Needs {
	n := Needs{Cluster: l.Name, Node: l.Node.Name}
	for _, s := range l.Services {
		for _, b := range s.Bind {
			n.Ports = append(n.Ports, port(l, b, s.Name))
		}
	}
	if l.Stats != nil {
		n.Ports = append(n.Ports, port(l, l.Stats.Bind, "stats"))
	}
	slices.SortStableFunc(n.Ports, func(a, b Port) int { return cmp.Or(cmp.Compare(a.Number, b.Number), a.Address.Compare(b.Address)) })
	if len(l.HAProxy.Files) > 0 {
		n.Notes = append(n.Notes, render.Note{Where: "haproxy.files",
			Text: "their binds are not known here: open their ports yourself; a bind to a VIP wants the word transparent, or else net.ipv4.ip_nonlocal_bind"})
	}
	n.own(l)
	n.adverts(l)
	n.sysctls(l)
	return n
}

func port(l *cluster.Local, b cluster.Bind, service string) Port {
	p := Port{Number: b.Port, Address: b.Address, For: service}
	if b.Address.IsUnspecified() {
		p.Address = netip.Addr{}
	}
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			if !p.Address.IsValid() || p.Address == v.Address.Addr() {
				p.Interfaces = append(p.Interfaces, v.Interface)
			}
		}
	}
	if p.Address == l.Node.Address {
		p.Interfaces = append(p.Interfaces, home(l)...)
	}
	slices.Sort(p.Interfaces)
	p.Interfaces = slices.Compact(p.Interfaces)
	return p
}

func (n *Needs) adverts(l *cluster.Local) {
	if len(l.Peers) == 0 {
		return
	}
	for _, i := range l.VRRP.Instances {
		a := Adverts{Interface: i.Interface, IPv6: i.Addresses[0].Address.Addr().Is6(), Authenticated: i.Auth != nil && i.Auth.Type == "ah", For: i.Name}
		if l.VRRP.Unicast {
			for _, p := range l.Peers {
				a.From = append(a.From, p.Address)
			}
		}
		n.Adverts = append(n.Adverts, a)
	}
}
