package haproxy

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// global writes what concerns the whole process.
func (p *page) global(l *cluster.Local) {
	p.section("global")
	own := []string{
		"user haproxy",
		"group haproxy",
		"chroot /var/lib/haproxy",
		// The worker's runtime API. New workers take their listeners over from the old one through it: no connection is lost.
		"stats socket " + render.StatsSocket + " mode 660 group haproxy level admin expose-fd listeners",
		"stats maxconn 100", // 10, the default, lets ten idle clients shut out every health check
		"server-state-file " + render.ServerStateFile,
		"hard-stop-after 30m", // an old worker stays as long as one of its connections does
		// HAProxy ends a worker that has seen more reloads, whatever connections it holds: time is the better bound.
		"mworker-max-reloads 1000",
	}
	if p.build.atLeast(2, 6) {
		own = append(own, "fd-hard-limit 100000") // a limit of a thousand million, as containers have it, would cost gigabytes
	} else {
		p.note("haproxy.global", "fd-hard-limit is left out: got HAProxy %s, want 2.6", p.build.Version)
	}
	if p.build.TLS {
		own = append(own, "ssl-default-bind-options ssl-min-ver TLSv1.2", "ssl-default-server-options ssl-min-ver TLSv1.2")
	}
	own = append(own, p.logTargets(l.HAProxy.Log)...)
	for _, line := range l.HAProxy.Global {
		if keywordOf(line) == "description" { // the last one wins, so this one would hide the digest
			p.fail(fmt.Errorf("haproxy.global: cannot take raw line %q: the description tells which configuration a process runs", line))
		}
	}
	p.settings("haproxy.global", own, l.HAProxy.Global)
	p.events()
}

// events has HAProxy tell of its servers as they go up and down: lbsup reads the ring, so that a check of a backend need not
// wait for its next turn. Requests are logged at info and stay out of it.
func (p *page) events() {
	p.setting("log ring@" + render.EventRing + " format raw local0 notice")
	p.section("ring", render.EventRing)
	p.setting("format raw")
	p.setting("maxlen 1024")
	p.setting("size 65536")
}

// logTargets are where HAProxy logs to: standard output, which is the journal for a unit, unless the cluster file names others.
func (p *page) logTargets(targets []cluster.LogTarget) []string {
	if len(targets) == 0 {
		return []string{"log stdout format raw local0"}
	}
	var lines []string
	for _, t := range targets {
		if strings.HasPrefix(t.Address, "/") {
			p.note("haproxy.log", "HAProxy looks for the socket %s below its chroot directory", t.Address)
		} else {
			// HAProxy looks a name up when it starts, and does not start without an answer.
			if _, err := netip.ParseAddrPort(t.Address); err != nil {
				p.fail(fmt.Errorf("haproxy.log: cannot log to %q: want an IP address with a port, or the path of a socket", t.Address))
				return nil
			}
		}
		address, err := quote(t.Address)
		if err != nil {
			p.fail(fmt.Errorf("haproxy.log: %w", err))
			return nil
		}
		facility, err := quote(t.Facility)
		if err != nil {
			p.fail(fmt.Errorf("haproxy.log: %w", err))
			return nil
		}
		lines = append(lines, "log "+address+" "+facility)
	}
	return lines
}

// defaults writes what every frontend and backend begins with.
func (p *page) defaults(l *cluster.Local) {
	p.section("defaults")
	own := []string{
		"log global",
		"option dontlognull",       // the peers' and the switches' empty connections
		"option log-health-checks", // a server that goes down says why
		"option redispatch",
		"retries 3",
		"timeout connect 5s",
		"timeout queue 1m",
		"timeout client 1m",
		"timeout server 1m",
		"timeout tunnel 1h",      // a watch or a terminal is silent for longer than a request
		"timeout client-fin 30s", // but not when the client has already gone
		"timeout http-request 10s",
		"timeout http-keep-alive 10s",
		"default-server init-addr last,libc,none",
		"load-server-state-from-file global", // what a person drained and a check found dead stays so in a new worker
	}
	p.settings("haproxy.defaults", own, l.HAProxy.Defaults)
}
