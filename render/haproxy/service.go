package haproxy

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// single says whether a service is one proxy of HAProxy's: its servers are its own, and there is nothing to choose. HAProxy 3.3 refuses a frontend and a
// backend of the same name, of which 3.1 warns, and as one proxy the service keeps its name wherever HAProxy tells of it.
func single(s cluster.Service) bool {
	return len(s.Pools) == 1 && s.Pools[0].Name == s.Name && len(s.Routes) == 0 && (s.Default == "" || s.Default == s.Name)
}

// BackendName is the name of what a pool's servers belong to: the service's own when they are its own, else service.pool.
func BackendName(service cluster.Service, pool cluster.Pool) string {
	if single(service) {
		return service.Name
	}
	return service.Name + "." + pool.Name
}

// service writes a service. One with servers of its own is a listen section with its name; another is a frontend with its name, and a backend for each pool.
func (p *page) service(l *cluster.Local, s cluster.Service) {
	where := "services." + s.Name
	if s.TLS != nil && !p.build.TLS {
		p.fail(fmt.Errorf("%s.tls: cannot speak TLS: HAProxy %s was built without OpenSSL", where, p.build.Version))
		return
	}
	p.front(s)
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
		if s.Disabled || !single(s) {
			p.proxy("backend", BackendName(s, pool))
			p.line("mode", string(s.Mode))
		}
		p.pool(where, pool)
	}
}

// front begins what takes a service's connections. Of a disabled one the servers are looked after all the same, which those of a disabled listen section are
// not; HAProxy never tells the name of a disabled frontend.
func (p *page) front(s cluster.Service) {
	switch {
	case s.Disabled && single(s):
		p.proxy("frontend", s.Name+".disabled")
	case single(s):
		p.proxy("listen", s.Name)
	default:
		p.proxy("frontend", s.Name)
	}
	if s.Disabled {
		p.setting("disabled")
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
