package doctor

import (
	"strings"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

// strict looks for the rules of vrrp_strict, which keepalived keeps in tables of its own name: they drop what comes for the VIPs. Once it has loaded a
// file without vrrp_strict, as lbsup's is, it never removes them, not even when it ends (2.2.7). The rules of others are judged without them.
func (p *patient) strict(e *examination) {
	const table = "keepalived"
	own := p.Firewall.Ruleset.Only(table)
	p.Firewall.Ruleset = p.Firewall.Ruleset.Without(table)
	var vips, remove []string
	for _, family := range []string{"ip", "ip6"} {
		dropped := p.dropped(own, family == "ip6")
		if vips = append(vips, dropped...); len(dropped) > 0 {
			remove = append(remove, "nft delete table "+family+" "+table)
		}
	}
	if len(vips) == 0 {
		return
	}
	r := fix(strings.Join(remove, " && "))
	if !p.Configs[render.KeepalivedConfig].Ours {
		r = fix("lbsup reload") // and the keepalived that it starts anew has removed them
	}
	e.fail("firewall.vrrp_strict", r, "rules of keepalived's vrrp_strict drop all that comes for %s", strings.Join(vips, ", "))
}

// dropped lists the VIPs of one family for which nothing gets through.
func (p *patient) dropped(r ruleset.Ruleset, ipv6 bool) (out []string) {
	for _, i := range p.local.VRRP.Instances {
		for _, vip := range i.Addresses {
			a := vip.Address.Addr()
			packet := ruleset.Packet{Interface: vip.Interface, Destination: a, IPv6: a.Is6(), Protocol: 6}
			if a.Is6() == ipv6 && r.Judge(packet).Decision != ruleset.Accepted {
				out = append(out, a.String())
			}
		}
	}
	return out
}
