package doctor

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/lbsup/lbsup/render/host"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

const applyHost, listRules = "lbsup host apply", "nft list ruleset"

// insert opens a chain now: what it holds after the next boot stands where this host keeps its rules, which is not known here.
func insert(chain, rule string) string {
	return "nft 'insert rule " + chain + " " + rule + "'   # and the same where this host keeps its rules, for the next boot"
}

// unreadRules is what helps to see them.
func unreadRules(f Firewall, installer string) remedy {
	if f.NoTool {
		return fix(installer + " install nftables")
	}
	return see(listRules)
}

// firewall says for each port, and for the adverts of each instance, whether they get in.
func firewall(e *examination, p patient) {
	p.strict(e)
	f := p.Firewall
	switch {
	case !p.Root:
		return
	case f.Problem != "":
		e.warn("firewall", unreadRules(f, p.Installer), "the rules of the firewall could not be read: %s", f.Problem)
		return
	case f.Legacy:
		e.warn("firewall", see("iptables-legacy -S INPUT"), "there are rules of the old iptables, which are not examined")
	case !f.Ruleset.Judges():
		e.ok("firewall", "no rule judges what comes in")
		return
	}
	for _, a := range p.needs.Adverts {
		one := host.Needs{Adverts: []host.Adverts{a}}
		p.judge(e, "firewall.adverts."+a.For, "adverts of "+a.For+" on "+a.Interface, one.Rules()[0], advertPackets(a))
	}
	for _, port := range slices.Concat(p.needs.Ports, p.needs.Own) {
		if port.Inside() {
			continue
		}
		one := host.Needs{Own: []host.Port{port}}
		p.judge(e, fmt.Sprintf("firewall.port.%d", port.Number), fmt.Sprintf("port %d of %s", port.Number, port.For), one.Rules()[0], portPackets(port))
	}
}

// judge says what becomes of packets: the worst counts.
func (p patient) judge(e *examination, id, what, rule string, packets []ruleset.Packet) {
	unsure := false
	for _, packet := range packets {
		switch v := p.Firewall.Ruleset.Judge(packet); {
		case v.Decision == ruleset.Dropped && p.Firewall.Firewalld:
			e.fail(id, safely(applyHost), "the firewall drops %s", what)
			return
		case v.Decision == ruleset.Dropped:
			e.fail(id, fix(insert(v.Chain, rule)), "the firewall drops %s, in %s", what, v.Chain)
			return
		case v.Decision == ruleset.Unknown:
			unsure = true
		}
	}
	if unsure {
		e.warn(id, see(listRules), "the firewall may drop %s: its rules depend on more than is known here", what)
		return
	}
	e.ok(id, "the firewall lets in %s", what)
}

func advertPackets(a host.Adverts) (out []ruleset.Packet) {
	packet := ruleset.Packet{Interface: a.Interface, IPv6: a.IPv6, Protocol: 112, Destination: netip.AddrFrom4([4]byte{224, 0, 0, 18})}
	if a.IPv6 {
		packet.Destination = netip.MustParseAddr("ff02::12")
	}
	if a.Authenticated {
		packet.Protocol = 51
	}
	if len(a.From) == 0 {
		return []ruleset.Packet{packet}
	}
	for _, peer := range a.From {
		packet.Source, packet.Destination = peer, netip.Addr{}
		out = append(out, packet)
	}
	return out
}

// portPackets are the first ones from each that a port is for, on each interface that they may come in by.
func portPackets(port host.Port) (out []ruleset.Packet) {
	links, sources := port.Interfaces, port.From
	if len(links) == 0 {
		links = []string{""} // an address of the host's own: on whatever interface
	}
	if len(sources) == 0 {
		sources = []netip.Addr{{}}
	}
	for _, link := range links {
		for _, source := range sources {
			out = append(out, ruleset.Packet{Interface: link, Protocol: 6, Port: int(port.Number), Source: source, Destination: port.Address,
				IPv6: port.Address.Is6() || source.Is6()})
		}
	}
	return out
}
