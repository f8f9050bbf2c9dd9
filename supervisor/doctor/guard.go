package doctor

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"

	"github.com/lbsup/lbsup/render/host"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

const applyHost = "lbsup host apply"

// firewall says for each port, and for the adverts of each instance, whether they get in.
func firewall(e *examination, p patient) {
	f := p.Firewall
	switch {
	case !p.Root:
		return
	case f.Problem != "":
		e.warn("firewall", "nft list ruleset", "the rules of the firewall could not be read: %s", f.Problem)
		return
	case f.Legacy:
		e.warn("firewall", "iptables-legacy -S INPUT", "there are rules of the old iptables, which are not examined")
	case !f.Ruleset.Judges():
		e.ok("firewall", "no rule judges what comes in")
		return
	}
	for _, a := range p.needs.Adverts {
		one := host.Needs{Adverts: []host.Adverts{a}}
		p.judge(e, "firewall.adverts."+a.For, "adverts of "+a.For+" on "+a.Interface, one.Rules()[0], advertPackets(a))
	}
	for _, port := range p.needs.Ports {
		one := host.Needs{Ports: []host.Port{port}}
		p.judge(e, fmt.Sprintf("firewall.port.%d", port.Number), fmt.Sprintf("port %d of %s", port.Number, port.For), one.Rules()[0], portPackets(port))
	}
}

// judge says what becomes of packets: the worst counts.
func (p patient) judge(e *examination, id, what, rule string, packets []ruleset.Packet) {
	unsure := ""
	for _, packet := range packets {
		switch v := p.Firewall.Ruleset.Judge(packet); {
		case v.Decision == ruleset.Dropped && p.Firewall.Firewalld:
			e.fail(id, applyHost, "the firewall drops %s", what)
			e.safely()
			return
		case v.Decision == ruleset.Dropped:
			e.fail(id, "nft 'insert rule "+v.Chain+" "+rule+"'", "the firewall drops %s, in %s", what, v.Chain)
			return
		case v.Decision == ruleset.Unknown:
			unsure = "nft list ruleset"
		}
	}
	if unsure != "" {
		e.warn(id, unsure, "the firewall may drop %s: its rules depend on more than is known here", what)
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

func portPackets(port host.Port) (out []ruleset.Packet) {
	for _, link := range port.Interfaces {
		out = append(out, ruleset.Packet{Interface: link, Protocol: 6, Port: int(port.Number), Destination: port.Address, IPv6: port.Address.Is6()})
	}
	if len(out) == 0 { // an address of the host's own: on whatever interface
		out = append(out, ruleset.Packet{Protocol: 6, Port: int(port.Number), Destination: port.Address, IPv6: port.Address.Is6()})
	}
	return out
}

// sysctls looks at those that matter for this file, and names those that only seem to.
func sysctls(e *examination, p patient) {
	read := func(path string) string { return p.Sysctls[path] }
	for _, s := range p.needs.Sysctls {
		id := "sysctl." + s.Key
		if s.Met(read) {
			e.ok(id, "%s is as it must be: %s", s.Key, s.Why)
			continue
		}
		now := read(s.Path())
		if _, there := p.Sysctls[s.Path()]; !there {
			e.fail(id, "ip -brief link", "%s is not there to be set to %s: %s", s.Key, s.Value, s.Why)
			continue
		}
		e.fail(id, applyHost, "%s is %s, and must be %s: %s", s.Key, cmp.Or(now, "empty"), s.Wanted(now), s.Why)
		e.safely()
	}
	for _, s := range p.needs.Unneeded {
		state := "is not set, and need not be"
		if read(s.Path()) == s.Value {
			state = "is set, and need not be"
		}
		e.ok("sysctl.unneeded."+s.Key, "%s %s: %s", s.Key, state, s.Why)
	}
}

// haproxyPorts are the types of ports that HAProxy's domain may bind and connect to in the targeted policy, and the one of lbsup's own module.
var haproxyPorts = []string{"http_port_t", "http_cache_port_t", "commplex_main_port_t", "lbsup_port_t"}

const selinuxModule = "lbsup"

func selinux(e *examination, p patient) {
	s := p.SELinux
	if !s.Enabled {
		e.ok("selinux", "SELinux is not enabled here")
		return
	}
	mode := "permissive"
	if s.Enforcing {
		mode = "enforcing"
	}
	e.ok("selinux", "SELinux is %s", mode)
	if !slices.Contains(s.Modules, selinuxModule) {
		say := e.warn
		if s.Enforcing {
			say = e.fail
		}
		say("selinux.module", p.Installer+" install lbsup-selinux", "the policy has no module %s: keepalived may not ask the health socket", selinuxModule)
	} else {
		e.ok("selinux.module", "the policy has the module %s", selinuxModule)
	}
	if s.ConnectAny {
		e.ok("selinux.ports", "haproxy_connect_any is on: HAProxy may use every port")
		return
	}
	for _, port := range portsOf(p) {
		selinuxPort(e, s, port)
	}
}

func selinuxPort(e *examination, s SELinux, port int) {
	id := fmt.Sprintf("selinux.port.%d", port)
	number := strconv.Itoa(port)
	kind, labelled := s.Ports[port]
	switch {
	case s.Ports == nil:
		e.warn(id, "semanage port -l", "the type of port %d is not known", port)
	case slices.Contains(haproxyPorts, kind):
		e.ok(id, "port %d is %s, which HAProxy may use", port, kind)
	case labelled:
		e.fail(id, "semanage port -m -t http_port_t -p tcp "+number, "port %d is %s, which HAProxy may not use", port, kind)
	default:
		e.fail(id, "semanage port -a -t http_port_t -p tcp "+number, "port %d has no type that HAProxy may use", port)
	}
}

// portsOf are those that HAProxy listens on and connects to.
func portsOf(p patient) (out []int) {
	for _, port := range p.needs.Ports {
		out = append(out, int(port.Number))
	}
	for _, s := range p.local.Services {
		for _, pool := range s.Pools {
			for _, server := range pool.Servers {
				out = append(out, int(server.Port))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
