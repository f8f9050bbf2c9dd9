package cluster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/checks"
)

// composites adds the checks that combine others, each after its parts.
func (b builder) composites() {
	c := &combiner{builder: b, state: map[identifier]visit{}}
	for _, name := range b.ownChecks() {
		if raw := b.raw.Checks[name]; raw.Any != nil || raw.All != nil {
			c.combine(name)
		}
	}
}

type visit int

const (
	unseen visit = iota
	underWay
	done
)

// combiner walks from each composite to its parts first.
type combiner struct {
	builder
	state map[identifier]visit
	way   []string // the checks that are under way, outermost first
}

func (c *combiner) combine(name identifier) {
	raw, path := c.raw.Checks[name], join("checks", string(name))
	if c.state[name] == done {
		return
	}
	c.state[name] = underWay
	c.way = append(c.way, string(name))
	parts, key := raw.Any, ".any"
	if raw.Any == nil {
		parts, key = raw.All, ".all"
	}
	seen := once[identifier]{}
	for i, part := range parts {
		at := fmt.Sprintf("%s%s[%d]", path, key, i)
		if _, again := seen.repeated(part, at); again && part != "" {
			c.add(at, mistake{"use a check twice", quote(string(part)), "each once", ""})
			continue
		}
		c.part(at, part)
	}
	c.way = c.way[:len(c.way)-1]
	c.state[name] = done
	c.timeless(path)
	if len(c.kindsOf(path)) == 1 {
		out := c.definition(path, string(name), raw)
		out.Rise, out.Fall, out.HolderFall = 1, 1, 1
		c.cluster.Checks = append(c.cluster.Checks, out)
	}
}

// timeless reports settings that have no effect: the answer follows from the parts, each of which has its own rise and
// fall, the moment one of them changes.
func (c *combiner) timeless(path string) {
	for _, key := range []string{"interval", "timeout", "rise", "fall", "holder_fall"} {
		if _, written := c.places[path+"."+key]; written {
			c.add(path+"."+key, mistake{"give a time of its own to a check that combines others", key, "on_fail alone", "set it in the checks that are combined"})
		}
	}
}

func (c *combiner) part(at string, part identifier) {
	raw, defined := c.raw.Checks[part]
	switch {
	case part == "" || part == checks.HAProxy:
	case part == checks.Supervisor || !defined:
		c.unknownCheck(at, string(part))
	case c.state[part] == underWay:
		c.add(at, mistake{"combine checks in a circle", c.circle(string(part)), "an end to it", ""})
	case raw.Any != nil || raw.All != nil:
		c.combine(part)
	}
}

// circle is the way from a check back to itself.
func (c *combiner) circle(name string) string {
	way := c.way[slices.Index(c.way, name):]
	return strings.Join(some(append(slices.Clone(way), name)), ", ")
}

// unknownCheck reports the name of a check that nobody defined.
func (b builder) unknownCheck(path, name string) {
	if name == checks.Supervisor {
		b.add(path, mistake{"refer to this check", quote(name), "another one", "lbsup always tracks itself"})
		return
	}
	b.add(path, mistake{"find this check", quote(name), oneOf(some(b.index.checks)), b.near(name, b.index.checks)})
}
