package doctor

import (
	"fmt"
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
)

// claims says who answers for each VIP.
func claims(e *examination, p patient) {
	if !p.Root {
		return
	}
	for _, i := range p.local.VRRP.Instances {
		heard := p.hear(i)
		for _, v := range i.Addresses {
			address := v.Address.Addr()
			p.claim(e, i, v, p.Claims[address], heard)
		}
	}
}

func (p patient) claim(e *examination, i cluster.Instance, v cluster.VIP, c Claim, heard spoken) {
	address := v.Address.Addr()
	id := "vip." + address.String()
	find := see(fmt.Sprintf("arping -D -c 2 -I %s %s", v.Interface, address))
	if address.Is6() {
		find = see(fmt.Sprintf("ndisc6 %s %s", address, v.Interface))
	}
	var holders []string // those that may answer
	for _, a := range heard.peers {
		if v.Interface == i.Interface {
			holders = append(holders, a.Hardware)
		}
	}
	stranger := slices.IndexFunc(c.Hardware, func(h string) bool { return !slices.Contains(holders, h) })
	switch here := p.has(address); {
	case c.Problem != "":
		e.warn(id, find, "who answers for %s could not be asked: %s", address, c.Problem)
	case here && stranger >= 0:
		e.fail(id, find, "this node has the VIP %s, and %s answers for it on %s as well", address, c.Hardware[stranger], v.Interface)
	case here && len(c.Hardware) > 0:
		e.fail(id, see("lbsup doctor   # on "+p.nodeOf(heard.peers[0])), "this node has the VIP %s, and so has %s", address, p.nodeOf(heard.peers[0]))
	case here:
		e.ok(id, "this node has the VIP %s, and nobody else answers for it", address)
	case len(c.Hardware) > 1:
		e.fail(id, find, "%s answer for the VIP %s on %s, and one only may", joined(c.Hardware), address, v.Interface)
	case len(c.Hardware) == 0:
		e.fail(id, see("lbsup status"), "nobody answers for the VIP %s on %s", address, v.Interface)
	case len(holders) > 0 && stranger >= 0:
		e.fail(id, find, "%s answers for the VIP %s on %s, and the adverts come from %s", c.Hardware[0], address, v.Interface, joined(holders))
	default:
		e.ok(id, "%s answers for the VIP %s on %s, and nobody else does", c.Hardware[0], address, v.Interface)
	}
}
