package haproxy

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/lbsup/lbsup/render/cluster"
)

// routes writes which backend gets what: the first route whose conditions all hold, else the default.
func (p *page) routes(where string, s cluster.Service) {
	for i, r := range s.Routes {
		words := []string{"use_backend", p.backendOf(where, s, r.To), "if"}
		for _, kind := range conditionKinds {
			if values := kind.values(r); len(values) > 0 {
				name := "route" + strconv.Itoa(i+1) + "-" + kind.name
				words = append(words, p.acl(name, kind.fetch, values, p.conditions[condition{s.Name, i, kind}.String()]))
			}
		}
		p.line(words...)
	}
	if (s.Default != "" || len(s.Pools) == 1) && (s.Disabled || !single(s)) {
		p.line("default_backend", p.backendOf(where, s, s.Default))
	}
}

// acl writes a condition that holds for any of the values. They get a line each, since HAProxy takes 64 words in one; lines with
// the same name add up. After the two dashes a value cannot be taken for a flag.
func (p *page) acl(name, fetch string, values []string, first int) string {
	for i, v := range values {
		words := []string{"acl", name, fetch, "-i"}
		if first > 0 {
			words = append(words, "-u", strconv.Itoa(first+i))
		}
		p.line(append(words, "--", v)...)
	}
	return name
}

// backendOf is the backend of a pool that a service refers to by name, or of its only one when it names none.
func (p *page) backendOf(where string, s cluster.Service, name string) string {
	if name == "" && len(s.Pools) == 1 {
		return BackendName(s, s.Pools[0])
	}
	i := slices.IndexFunc(s.Pools, func(pool cluster.Pool) bool { return pool.Name == name })
	if i < 0 {
		p.fail(fmt.Errorf("%s: cannot find the pool %q", where, name))
		return name
	}
	return BackendName(s, s.Pools[i])
}
