package haproxy

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// servers compares the servers of a pool by their names. Its cost grows with their number, not with its square.
func (d *difference) servers(c poolChange) {
	before := map[string]cluster.Server{}
	for _, b := range c.before.Servers {
		before[b.Name] = b
	}
	for _, a := range c.after.Servers {
		if b, was := before[a.Name]; was {
			d.server(c, b, a)
		} else {
			d.added(c, a)
		}
	}
	_, gone := split(c.before.Servers, c.after.Servers)
	for _, b := range gone {
		d.removed(c, b)
	}
}

func (d *difference) added(c poolChange, s cluster.Server) {
	d.replaceable(c)
	if c.after.Sticky != nil && !d.running.atLeast(3, 0) {
		d.reload(c.where, fmt.Sprintf("HAProxy %s takes no new server that a cookie names, 3.0 does", d.running.Version))
	}
	if slices.ContainsFunc(d.after.HAProxy.Defaults, func(line string) bool { return keywordOf(line) == "default-server" }) {
		d.reload(c.where, "a server that is added at run time would lack what haproxy.defaults says in default-server")
	}
	if s.Verify && !d.verified {
		d.reload(c.where, "HAProxy reads the authorities that verify server "+s.Name+" when it starts")
	}
	p := page{build: d.running}
	attributes := p.attributes(c.where, c.after, s, c.numbers[s.Name])
	if p.err != nil {
		d.reload(c.where, strings.TrimPrefix(p.err.Error(), c.where+": "))
	}
	d.change(c.where, fmt.Sprintf("server %s added (%s)", s.Name, place(s)), AddServer{
		Target: Target{c.backend, s.Name}, Address: d.address(c.where, s), Attributes: attributes,
		Checked: !c.after.Check.Off, TLS: s.TLS, Weight: weight(s), MaxConn: s.MaxConn,
	})
}

func (d *difference) removed(c poolChange, s cluster.Server) {
	d.replaceable(c)
	d.address(c.where, s) // one that a name was looked up for is never let go
	d.change(c.where, fmt.Sprintf("server %s removed (%s)", s.Name, place(s)), DeleteServer{Target{c.backend, s.Name}})
}

// server compares one server before and after.
func (d *difference) server(c poolChange, b, a cluster.Server) {
	target := Target{c.backend, a.Name}
	if place(b) != place(a) {
		d.address(c.where, b)
		to := d.address(c.where, a)
		d.change(c.where, fmt.Sprintf("server %s moved from %s to %s", a.Name, place(b), place(a)), SetAddress{target, to})
	}
	if weight(b) != weight(a) {
		d.dynamic(c)
		d.change(c.where, fmt.Sprintf("server %s has weight %d instead of %d", a.Name, weight(a), weight(b)), SetWeight{target, weight(a)})
	}
	if b.MaxConn != a.MaxConn {
		what := fmt.Sprintf("server %s gets %s instead of %s", a.Name, connections(a.MaxConn), connections(b.MaxConn))
		d.change(c.where, what, SetMaxConn{target, a.MaxConn})
	}
	server := "server " + a.Name + ": "
	d.parts(c.where,
		part{server + "backup", b.Backup, a.Backup},
		part{server + "tls", b.TLS, a.TLS},
		part{server + "verify", b.Verify, a.Verify},
	)
}

// address is where a server is, or a reason. HAProxy takes a name at run time, but never looks it up.
func (d *difference) address(where string, s cluster.Server) netip.AddrPort {
	ip, err := netip.ParseAddr(s.Host)
	if err != nil || ip.Zone() != "" || ip.Is4In6() {
		d.reload(where, fmt.Sprintf("server %s is given as %s: at run time HAProxy takes plain IP addresses only", s.Name, s.Host))
	}
	return netip.AddrPortFrom(ip, s.Port)
}

// verifies says whether HAProxy has loaded the system's authorities: behind its chroot it cannot do so later.
func verifies(l *cluster.Local) bool {
	for _, service := range l.Services {
		for _, pool := range service.Pools {
			if slices.ContainsFunc(pool.Servers, func(s cluster.Server) bool { return s.Verify }) {
				return true
			}
		}
	}
	return false
}

func place(s cluster.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(int(s.Port))) }

// weight is what HAProxy takes for a server that has none.
func weight(s cluster.Server) int { return max(s.Weight, 1) }

func connections(limit int) string {
	if limit == 0 {
		return "any number of connections"
	}
	return fmt.Sprintf("at most %d connections", limit)
}
