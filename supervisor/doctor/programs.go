package doctor

import (
	"slices"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

func programs(e *examination, p patient) {
	install := func(name string) remedy { return fix(p.Installer + " install " + name) }
	switch h := p.HAProxy; {
	case h.Problem != "":
		e.fail("program.haproxy", install("haproxy"), "HAProxy: %s", h.Problem)
	case !h.Build.TLS && usesTLS(p.local):
		e.fail("program.haproxy", install("haproxy"), "HAProxy %s was built without OpenSSL, and the cluster file wants TLS", h.Build.Version)
	default:
		e.ok("program.haproxy", "HAProxy %s, %s OpenSSL", h.Build.Version, with(h.Build.TLS))
	}
	switch k := p.Keepalived; {
	case k.Problem != "":
		e.fail("program.keepalived", install("keepalived"), "keepalived: %s", k.Problem)
	case !k.Build.Auth && usesAuth(p.local):
		e.fail("program.keepalived", fix("lbsup reload   # without auth in the cluster file, on every node"), "keepalived %s was built without VRRP authentication, and the cluster file wants it", k.Build.Version)
	default:
		e.ok("program.keepalived", "keepalived %s, %s VRRP authentication", k.Build.Version, with(k.Build.Auth))
	}
}

func with(b bool) string { return map[bool]string{true: "with", false: "without"}[b] }

func usesTLS(l *cluster.Local) bool {
	return slices.ContainsFunc(l.Services, func(s cluster.Service) bool {
		return s.TLS != nil || slices.ContainsFunc(s.Pools, func(p cluster.Pool) bool {
			return p.Check.TLS || slices.ContainsFunc(p.Servers, func(s cluster.Server) bool { return s.TLS })
		})
	})
}

func usesAuth(l *cluster.Local) bool {
	return slices.ContainsFunc(l.VRRP.Instances, func(i cluster.Instance) bool { return i.Auth != nil })
}

// hostNames are the names that HAProxy and the checks connect to, each once.
func hostNames(l *cluster.Local) (out []string) {
	for _, s := range l.Services {
		for _, pool := range s.Pools {
			for _, server := range pool.Servers {
				out = append(out, server.Host)
			}
		}
	}
	for _, c := range l.Checks {
		if c.Probe.Kind == checks.KindTCP || c.Probe.Kind == checks.KindHTTP {
			out = append(out, targetOf(c.Probe))
		}
	}
	out = slices.DeleteFunc(out, isAddress)
	slices.Sort(out)
	return slices.Compact(out)
}
