package haproxy

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// BackendName is the name of a pool's backend: the service's own when it has no other pool, else service.pool.
func BackendName(service cluster.Service, pool cluster.Pool) string {
	if len(service.Pools) == 1 {
		return service.Name
	}
	return service.Name + "." + pool.Name
}

// service writes a service: its frontend, which has the service's name, and a backend for each pool.
func (p *page) service(l *cluster.Local, s cluster.Service) {
	where := "services." + s.Name
	if s.TLS != nil && !p.build.TLS {
		p.fail(fmt.Errorf("%s.tls: cannot speak TLS: HAProxy %s was built without OpenSSL", where, p.build.Version))
		return
	}
	p.proxy("frontend", s.Name)
	if s.Disabled {
		p.setting("disabled")
	}
	p.line("mode", string(s.Mode))
	for _, b := range s.Bind {
		p.bind(l, b, s.TLS)
	}
	p.line("option", string(s.Mode)+"log")
	if s.Mode == cluster.HTTP {
		p.idleClose(where)
	}
	p.forwardedFor(s.ForwardedFor)
	for _, h := range s.RequestHeaders {
		p.line("http-request", "set-header", h.Name, literal(h.Value))
	}
	p.routes(where, s)
	p.raw(where+".raw", s.Raw)
	for _, pool := range s.Pools {
		p.backend(where, s, pool)
	}
}

// bind writes where a frontend listens. The address of a VIP is bound as "transparent", so that the node that does not hold it
// can listen on it, too; that needs no sysctl.
func (p *page) bind(l *cluster.Local, b cluster.Bind, tls *cluster.TLS) {
	words := []string{"bind", address(b)}
	if b.Address == netip.IPv6Unspecified() {
		words = append(words, "v6only") // what it says, and no quarrel with a bind to *
	}
	if isVIP(l, b.Address) {
		words = append(words, "transparent")
	}
	if tls != nil {
		words = append(words, "ssl")
		for _, file := range tls.Certificates {
			words = append(words, "crt", file)
		}
		if tls.MinVersion != "" {
			words = append(words, "ssl-min-ver", "TLSv"+tls.MinVersion)
		}
		if len(tls.ALPN) > 0 {
			words = append(words, "alpn", strings.Join(tls.ALPN, ","))
		}
	}
	p.line(words...)
}

// idleClose makes an old worker wait for the next request before it closes an idle connection. Without it a reload loses the
// requests that cross the close on their way.
func (p *page) idleClose(where string) {
	if p.build.atLeast(2, 6) {
		p.setting("option idle-close-on-response")
		return
	}
	p.note(where, "option idle-close-on-response is left out, so a reload may lose requests on idle connections: got HAProxy %s, want 2.6",
		p.build.Version)
}

func address(b cluster.Bind) string {
	if !b.Address.IsValid() {
		return "*:" + strconv.Itoa(int(b.Port))
	}
	return netip.AddrPortFrom(b.Address, b.Port).String()
}

func isVIP(l *cluster.Local, a netip.Addr) bool {
	return slices.ContainsFunc(l.VRRP.Instances, func(i cluster.Instance) bool {
		return slices.ContainsFunc(i.Addresses, func(v cluster.VIP) bool { return v.Address.Addr() == a })
	})
}

func (p *page) forwardedFor(f *cluster.ForwardedFor) {
	switch {
	case f == nil:
	case f.Except.IsValid():
		p.line("option", "forwardfor", "except", f.Except.String())
	default:
		p.line("option", "forwardfor")
	}
}
