package host

import (
	"net/netip"
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
)

// own are the ports of the supervisor: the page is for whoever looks at it, the exchange for the other nodes alone.
func (n *Needs) own(l *cluster.Local) {
	if l.Status != nil {
		n.Own = append(n.Own, port(l, l.Status.Listen, "status"))
	}
	if l.Exchange == nil || len(l.Peers) == 0 {
		return
	}
	p := Port{Number: l.Exchange.Port, Address: l.Node.Address, Interfaces: between(l), For: "peers"}
	for _, peer := range l.Peers {
		p.From = append(p.From, peer.Address)
	}
	n.Own = append(n.Own, p)
}

// between are the interfaces that peers may come in by: that of this node's address, and where it is not known, all that have VRRP. The rule names
// both ends, so an interface too many lets nobody else in.
func between(l *cluster.Local) []string {
	links := home(l)
	if len(links) == 0 {
		for _, i := range l.VRRP.Instances {
			links = append(links, i.Interface)
		}
	}
	return sorted(links)
}

// home is the interface of this node's own address: where a VIP's network has it. The cluster file tells no more of it.
func home(l *cluster.Local) (links []string) {
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			if v.Address.Contains(l.Node.Address) {
				links = append(links, v.Interface)
			}
		}
	}
	return links
}

// Inside says whether nobody but this host reaches a port, so that no firewall has to let anything in.
func (p Port) Inside() bool { return p.Address.IsLoopback() }

func open(ports []Port) []Port { return slices.DeleteFunc(slices.Clone(ports), Port.Inside) }

// rule names both ends and no interface where a port is for few.
func (p Port) rule() string {
	if len(p.From) == 0 {
		return portsRule([]Port{p})
	}
	p.Interfaces = nil
	return family(p.Address) + " saddr " + set(texts(p.From)) + " " + portsRule([]Port{p})
}

func family(a netip.Addr) string {
	if a.Is6() {
		return "ip6"
	}
	return "ip"
}
