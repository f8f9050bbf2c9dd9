package haproxy

import (
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// pool writes the servers of a pool, and how they are treated.
func (p *page) pool(where string, pool cluster.Pool) {
	p.balance(pool.Balance)
	if pool.Sticky != nil {
		p.line("cookie", pool.Sticky.Cookie, "insert", "indirect", "nocache")
	}
	if !pool.Check.Off {
		p.healthCheck(pool.Check)
	}
	p.raw(where+".raw", pool.Raw)
	numbers := numbersOf(pool)
	for _, server := range pool.Servers {
		p.server(where, pool, server, numbers[server.Name])
	}
}

// balance writes how the servers share the load.
func (p *page) balance(algorithm string) {
	if algorithm == "" {
		return
	}
	p.line(append([]string{"balance"}, strings.Fields(algorithm)...)...)
	if hashes(algorithm) {
		// The default, a hash over a fixed map, takes no servers at run time and moves nearly every client when one is added.
		p.comment("servers can be added at run time, and clients of the others stay where they are")
		p.setting("hash-type consistent")
	}
}

func hashes(algorithm string) bool {
	name, _, _ := strings.Cut(strings.Fields(algorithm)[0], "(")
	switch name {
	case "source", "uri", "url_param", "hdr", "rdp-cookie", "hash":
		return true
	}
	return false
}

// healthCheck writes what all servers of a pool are asked. Without a request, a connection is enough.
func (p *page) healthCheck(c cluster.HealthCheck) {
	if c.Timeout > 0 {
		p.line("timeout", "check", duration(c.Timeout))
	}
	if c.HTTP == nil {
		return
	}
	p.setting("option httpchk")
	request := []string{"http-check", "send", "meth", c.HTTP.Method, "uri", c.HTTP.Path}
	if c.HTTP.Host != "" { // HTTP/1.0, the default, is right without a host
		request = append(request, "ver", "HTTP/1.1", "hdr", "Host", literal(c.HTTP.Host))
	}
	p.line(request...)
	if len(c.HTTP.Status) > 0 {
		codes := make([]string, len(c.HTTP.Status))
		for i, code := range c.HTTP.Status {
			codes[i] = strconv.Itoa(code)
		}
		p.line("http-check", "expect", "status", strings.Join(codes, ","))
	}
}

// duration writes a time with a unit that HAProxy takes.
func duration(d time.Duration) string {
	if d%time.Second == 0 {
		return strconv.FormatInt(int64(d/time.Second), 10) + "s"
	}
	return strconv.FormatInt(max(1, d.Milliseconds()), 10) + "ms"
}
