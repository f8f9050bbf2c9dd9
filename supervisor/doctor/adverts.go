package doctor

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/host"
)

// spoken is what was heard about one instance.
type spoken struct {
	own, peers, strangers, elsewhere []Advert
}

// hear sorts the adverts of an instance by who sent them. A peer is known by its address, or, where adverts are multicast and come from whatever
// address the interface has, by the VIP that it claims.
func (p patient) hear(i cluster.Instance) (s spoken) {
	vip := i.Addresses[0].Address.Addr()
	for _, a := range p.Wire.Adverts {
		if a.RouterID != i.RouterID || a.IPv6 != vip.Is6() {
			continue
		}
		claims := slices.Contains(a.Addresses, vip)
		peer := slices.ContainsFunc(p.local.Peers, func(n cluster.Node) bool { return n.Address == a.Source }) || claims && !p.local.VRRP.Unicast
		switch {
		case a.Link != i.Interface && !a.Sent && claims:
			s.elsewhere = append(s.elsewhere, a)
		case a.Link != i.Interface:
		case a.Sent:
			s.own = append(s.own, a)
		case peer:
			s.peers = append(s.peers, a)
		default:
			s.strangers = append(s.strangers, a)
		}
	}
	return s
}

// holds says whether this host has one of an instance's VIPs.
func (p patient) holds(i cluster.Instance) bool {
	return slices.ContainsFunc(i.Addresses, func(v cluster.VIP) bool { return p.has(v.Address.Addr()) })
}

func adverts(e *examination, p patient) {
	if !p.Root || len(p.local.Peers) == 0 {
		return
	}
	for _, i := range p.local.VRRP.Instances {
		if problem := p.Wire.Problems[i.Interface]; problem != "" {
			e.warn("adverts."+i.Name, see("ip -brief link"), "nothing could be heard on %s: %s", i.Interface, problem)
			continue
		}
		heard := p.hear(i)
		p.peers(e, i, heard)
		p.strangers(e, i, heard.strangers)
	}
}

// peers judges what this host and its peers say. Only who holds the VIPs sends adverts, so the silence of one side is normal.
func (p patient) peers(e *examination, i cluster.Instance, heard spoken) {
	id := "adverts." + i.Name
	dropped := slices.IndexFunc(heard.peers, func(a Advert) bool { return !a.Passed && a.Count > 1 })
	loud := slices.IndexFunc(heard.peers, func(a Advert) bool { return a.Count > 1 && a.Priority > 0 })
	sends := slices.ContainsFunc(heard.own, func(a Advert) bool { return a.Count > 1 && a.Priority > 0 })
	switch {
	case dropped >= 0:
		e.fail(id, p.openAdverts(i), "adverts of %s reach %s, and this host's firewall drops them: both nodes hold the VIPs of %s",
			p.nodeOf(heard.peers[dropped]), i.Interface, i.Name)
	case loud >= 0 && sends:
		peer := p.nodeOf(heard.peers[loud])
		e.fail(id, see("lbsup doctor   # on "+peer), "this node and %s both send adverts of %s: what this node sends does not reach the other", peer, i.Name)
	case loud >= 0 && p.holds(i):
		e.fail(id, see(listRules), "this node has the VIPs of %s, %s sends adverts, and none of this node's left on %s: keepalived does not send, or a rule drops what goes out",
			i.Name, p.nodeOf(heard.peers[loud]), i.Interface)
	case loud >= 0:
		p.agreement(e, i, heard.peers[loud])
	case sends:
		e.ok(id, "this node sends the adverts of %s on %s; a node that waits is silent", i.Name, i.Interface)
	case len(heard.elsewhere) > 0:
		a := heard.elsewhere[0]
		e.fail(id, see("ip -brief address"), "adverts of %s come in on %s, and the cluster file has %s for them", i.Name, a.Link, i.Interface)
	case p.holds(i):
		e.fail(id, see(listRules), "this node has the VIPs of %s, and in %s no advert left on %s: keepalived does not send, or a rule drops what goes out",
			i.Name, span(p.Wire.For), i.Interface)
	default:
		e.fail(id, see("journalctl -u keepalived -n 20"), "in %s no node sent an advert of %s on %s: none holds the VIPs, or the network keeps the adverts",
			span(p.Wire.For), i.Name, i.Interface)
	}
}

func span(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// openAdverts is what lets the adverts of an instance in.
func (p patient) openAdverts(i cluster.Instance) remedy {
	if p.Firewall.Firewalld {
		return safely(applyHost)
	}
	at := slices.IndexFunc(p.needs.Adverts, func(a host.Adverts) bool { return a.For == i.Name })
	need := p.needs.Adverts[at]
	for _, packet := range advertPackets(need) {
		if v := p.Firewall.Ruleset.Judge(packet); v.Chain != "" {
			return fix(insert(v.Chain, host.Needs{Adverts: []host.Adverts{need}}.Rules()[0]))
		}
	}
	return see(listRules)
}

// nodeOf is the name of who sent an advert, as far as its address tells.
func (p patient) nodeOf(a Advert) string {
	for _, n := range p.local.Nodes {
		if n.Address == a.Source {
			return n.Name
		}
	}
	return a.Source.String()
}

// agreement compares what the sender says with the cluster file of this node.
func (p patient) agreement(e *examination, i cluster.Instance, a Advert) {
	id, vip := "adverts."+i.Name, i.Addresses[0].Address.Addr()
	same := fix("lbsup reload   # with the same cluster file on every node")
	switch {
	case a.Interval != p.local.VRRP.AdvertInterval:
		e.warn(id, same, "%s sends the adverts of %s every %s, and the cluster file here says %s", p.nodeOf(a), i.Name, a.Interval, p.local.VRRP.AdvertInterval)
	case !slices.Equal(a.Addresses, []netip.Addr{vip}):
		e.warn(id, same, "%s sends adverts of %s for other addresses than %s", p.nodeOf(a), i.Name, vip)
	default:
		e.ok(id, "adverts of %s come in from %s on %s", i.Name, p.nodeOf(a), i.Interface)
	}
}

// strangers says whether somebody else uses the router ID: to keepalived its adverts are those of a peer that is out of its mind.
func (p patient) strangers(e *examination, i cluster.Instance, all []Advert) {
	id := "router_id." + i.Name
	if len(all) == 0 {
		e.ok(id, "nobody else uses router ID %d on %s", i.RouterID, i.Interface)
		return
	}
	a := all[0]
	e.fail(id, fix(fmt.Sprintf("lbsup reload   # with a router_id other than %d for %s on every node", i.RouterID, i.Name)),
		"%s (%s) uses router ID %d on %s too, for %s", a.Source, a.Hardware, i.RouterID, i.Interface, addresses(a.Addresses))
}

func addresses(all []netip.Addr) string {
	var out []string
	for _, a := range all {
		out = append(out, a.String())
	}
	if len(out) == 0 {
		return "no address"
	}
	return joined(out)
}
