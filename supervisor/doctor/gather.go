package doctor

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/host"
	"github.com/lbsup/lbsup/render/keepalived"
)

// Gather looks at a host. It tells what it is at, for parts of it take seconds. What cannot be looked at is a fact too.
func Gather(ctx context.Context, h Host, l *cluster.Local, tell func(string)) Facts {
	needs := host.Of(l)
	f := Facts{At: h.Now(), Root: h.Superuser, Installer: h.installer()}
	tell("looking at the daemons and their units")
	f.HAProxy, f.Keepalived = h.programs(ctx)
	f.Systemd = h.systemd(ctx)
	f.Supervisor = h.Supervisor(ctx)
	f.Configs = h.configs()
	tell("looking at the host")
	f.Links, _ = h.Links(ctx)
	f.Listeners = h.listeners(ctx)
	f.SELinux = h.selinux(ctx)
	f.Sysctls = h.sysctls(needs)
	f.Certificates = h.certificates(l)
	f.Clock = h.Clock()
	f.Platform = h.platform()
	f.Leftovers = h.leftovers()
	for _, path := range roomPaths {
		f.Disks = append(f.Disks, h.Room(path))
	}
	if h.Superuser {
		tell("reading the firewall's rules")
		f.Firewall = h.firewall(ctx)
	}
	h.slowly(ctx, &f, l, tell)
	return f
}

var roomPaths = []string{"/etc/haproxy", "/var/lib/lbsup", "/run", "/var/log"}

// slowly does at once what takes seconds: names are resolved while adverts are listened to.
func (h Host) slowly(ctx context.Context, f *Facts, l *cluster.Local, tell func(string)) {
	var waiting sync.WaitGroup
	defer waiting.Wait()
	waiting.Go(func() { f.Names = h.names(ctx, hostNames(l)) })
	if !h.Superuser {
		return
	}
	f.Wire.For = listenFor(l)
	tell("listening to adverts for " + span(f.Wire.For))
	waiting.Go(func() { f.Wire = h.hear(ctx, f.Links, l, f.Wire.For) })
	waiting.Go(func() { f.Claims = h.claims(ctx, l) })
}

// listenFor is long enough for some adverts, and for a node that waits to say that it misses them.
func listenFor(l *cluster.Local) time.Duration {
	return max(2*time.Second, 3*l.VRRP.AdvertInterval+500*time.Millisecond)
}

func (h Host) hear(ctx context.Context, links map[string]Link, l *cluster.Local, patience time.Duration) Wire {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var names []string
	for name, link := range links {
		if link.Up && name != "lo" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var families []Hearing
	for _, i := range l.VRRP.Instances {
		one := Hearing{i.Interface, i.Addresses[0].Address.Addr().Is6(), i.Auth != nil && i.Auth.Type == "ah"}
		if !slices.Contains(families, one) {
			families = append(families, one)
		}
	}
	wire := h.Hear(ctx, names, families)
	wire.For = patience
	return wire
}

// asking is how long to wait for whoever has an address to say so: RFC 5227 gives a host a second.
const asking = 1200 * time.Millisecond

func (h Host) claims(ctx context.Context, l *cluster.Local) map[netip.Addr]Claim {
	ctx, cancel := context.WithTimeout(ctx, asking)
	defer cancel()
	var mu sync.Mutex
	var waiting sync.WaitGroup
	out := map[netip.Addr]Claim{}
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			waiting.Go(func() {
				var c Claim
				hardware, err := h.Claim(ctx, v.Interface, v.Address.Addr())
				if c.Hardware = hardware; err != nil {
					c.Problem = err.Error()
				}
				mu.Lock()
				defer mu.Unlock()
				out[v.Address.Addr()] = c
			})
		}
	}
	waiting.Wait()
	return out
}

func (h Host) programs(ctx context.Context) (a HAProxy, k Keepalived) {
	var err error
	if out, _, runErr := h.Run(ctx, "haproxy", "-vv"); runErr != nil {
		a.Problem = "it is not installed"
	} else if a.Build, err = haproxy.ParseBuild(out); err != nil {
		a.Problem = err.Error()
	}
	if out, _, runErr := h.Run(ctx, "keepalived", "-v"); runErr != nil {
		k.Problem = "it is not installed"
	} else if k.Build, err = keepalived.ParseBuild(out); err != nil {
		k.Problem = err.Error()
	}
	return a, k
}

func (h Host) systemd(ctx context.Context) (s Systemd) {
	s.Units = map[string]Unit{}
	all := slices.Concat(daemonUnits, ownUnits)
	for _, name := range all {
		unit, err := h.Unit(ctx, name)
		if err != nil {
			s.Problem = err.Error()
			return s
		}
		s.Units[name] = unit
	}
	// It says so and exits 0.
	out, _, err := h.Run(ctx, append([]string{"systemd-analyze", "verify", "--man=no"}, slices.Concat(daemonUnits, ownUnits[:1])...)...)
	if err == nil {
		s.Cycles = cycles(out)
	}
	return s
}

func cycles(output string) (out []string) {
	for line := range strings.Lines(output) {
		if strings.Contains(line, "ordering cycle") {
			out = append(out, strings.TrimSpace(line))
		}
	}
	return out
}

var configPaths = []struct{ daemon, path string }{{"haproxy", render.HAProxyConfig}, {"keepalived", render.KeepalivedConfig}}

// configs knows lbsup's files by their first line.
func (h Host) configs() map[string]Config {
	out := map[string]Config{}
	for _, c := range configPaths {
		text, ok := h.read(c.path)
		out[c.path] = Config{There: ok, Ours: strings.Contains(firstLine(text), "Written by lbsup")}
	}
	return out
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
