package doctor

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/host"
)

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}

// targetOf is the host that a probe connects to.
func targetOf(p checks.Probe) string {
	if p.Kind == checks.KindHTTP {
		if u, err := url.Parse(p.HTTP.URL); err == nil {
			return u.Hostname()
		}
	}
	host, _, _ := net.SplitHostPort(p.TCP)
	return host
}

// use is what an interface is for.
type use struct {
	link   string
	family string // that it must have an address of; empty: any, or none
	what   string
}

// uses are the interfaces that the cluster file names, each once.
func uses(l *cluster.Local) (out []use) {
	add := func(u use) {
		if !slices.ContainsFunc(out, func(o use) bool { return o.link == u.link && (o.family == u.family || u.family == "") }) {
			out = append(out, u)
		}
	}
	for _, i := range l.VRRP.Instances {
		add(use{i.Interface, family(i.Addresses[0].Address.Addr()), "the adverts of " + i.Name})
	}
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			add(use{v.Interface, "", "the VIP " + v.Address.Addr().String()})
		}
		for _, link := range i.Track.Interfaces {
			add(use{link, "", "what " + i.Name + " tracks"})
		}
	}
	return out
}

func family(a netip.Addr) string {
	if a.Is6() {
		return "IPv6"
	}
	return "IPv4"
}

func links(e *examination, p patient) {
	for _, u := range uses(p.local) {
		id := "link." + u.link
		link, there := p.Links[u.link]
		switch {
		case !there:
			e.fail(id, see("ip -brief link"), "%s is not there, and the cluster file has it for %s", u.link, u.what)
		case !link.Up:
			e.fail(id, fix("ip link set "+u.link+" up"), "%s is set down: it is for %s", u.link, u.what)
		case !link.Carrier:
			e.fail(id, see("ethtool "+u.link), "%s has no carrier: it is for %s", u.link, u.what)
		case u.family != "" && !slices.ContainsFunc(link.Addresses, func(a netip.Prefix) bool { return family(a.Addr()) == u.family }):
			e.fail(id, see("ip -brief address show dev "+u.link), "%s has no %s address to send %s from", u.link, u.family, u.what)
		default:
			e.ok(id, "%s is up, for %s", u.link, u.what)
		}
	}
	ownAddress(e, p)
}

// ownAddress looks for the node's address. keepalived does not start without it where adverts are unicast.
func ownAddress(e *examination, p patient) {
	for name, link := range p.Links {
		if slices.ContainsFunc(link.Addresses, func(a netip.Prefix) bool { return a.Addr() == p.local.Node.Address }) {
			e.ok("address", "this node's address %s is on %s", p.local.Node.Address, name)
			return
		}
	}
	look := see("ip -brief address")
	if p.local.VRRP.Unicast {
		e.fail("address", look, "this host has no address %s: the adverts of node %s cannot leave", p.local.Node.Address, p.local.Node.Name)
		return
	}
	e.warn("address", look, "this host has no address %s, which the cluster file gives to node %s", p.local.Node.Address, p.local.Node.Name)
}

// listeners looks who has the ports that HAProxy needs.
func listeners(e *examination, p patient) {
	if p.Listeners.Problem != "" {
		e.warn("port", see("ss -lntp"), "who listens could not be seen: %s", p.Listeners.Problem)
		return
	}
	for _, port := range p.needs.Ports {
		if !p.disabled(port.For) {
			p.listener(e, port, "haproxy", "HAProxy")
		}
	}
	for _, port := range p.needs.Own {
		p.listener(e, port, "lbsup", "lbsup")
	}
}

// disabled says whether a service takes no connections: HAProxy gives its port up, or never took it.
func (p patient) disabled(service string) bool {
	return slices.ContainsFunc(p.local.Services, func(s cluster.Service) bool { return s.Disabled && s.Name == service })
}

// listener says who has a port, which is for a program. A socket whose process is not told may well be the program's own.
func (p patient) listener(e *examination, port host.Port, program, name string) {
	id := fmt.Sprintf("port.%d", port.Number)
	at := netip.AddrPortFrom(port.Address, port.Number)
	holders := slices.DeleteFunc(slices.Clone(p.Listeners.All), func(l Listener) bool { return !meets(l.At, at) })
	stranger := slices.IndexFunc(holders, func(l Listener) bool { return l.Process != "" && l.Process != program })
	switch {
	case stranger >= 0:
		s := holders[stranger]
		e.fail(id, see(fmt.Sprintf("systemctl status %d", s.PID)), "port %d of %s is taken by %s (process %d)", port.Number, port.For, s.Process, s.PID)
	case port.Address.IsValid() && !isVIP(p.local, port.Address) && !p.has(port.Address):
		e.fail(id, see("ip -brief address"), "%s cannot listen on %s: this host has no such address, and it is no VIP", port.For, at)
	case len(holders) == 0:
		e.warn(id, see("systemctl status "+program), "nobody listens on port %d yet: it is for %s", port.Number, port.For)
	default:
		e.ok(id, "%s listens on port %d for %s", name, port.Number, port.For)
	}
}

func (p patient) has(address netip.Addr) bool {
	for _, link := range p.Links {
		if slices.ContainsFunc(link.Addresses, func(a netip.Prefix) bool { return a.Addr() == address }) {
			return true
		}
	}
	return false
}

// meets says whether two listeners take each other's connections. No address is every address.
func meets(a, b netip.AddrPort) bool {
	every := func(x netip.Addr) bool { return !x.IsValid() || x.IsUnspecified() }
	return a.Port() == b.Port() && (every(a.Addr()) || every(b.Addr()) || a.Addr() == b.Addr())
}

func isVIP(l *cluster.Local, address netip.Addr) bool {
	return slices.ContainsFunc(l.VRRP.Instances, func(i cluster.Instance) bool {
		return slices.ContainsFunc(i.Addresses, func(v cluster.VIP) bool { return v.Address.Addr() == address })
	})
}

func joined(words []string) string { return strings.Join(words, ", ") }
