package haproxy

import (
	"hash/fnv"
	"strconv"

	"github.com/lbsup/lbsup/render/cluster"
)

// condition is one condition of a route: the values of which a request must match any.
type condition struct {
	service string
	route   int
	kind    conditionKind
}

// conditionKind is what a condition looks at.
type conditionKind struct {
	name, key, fetch string
	values           func(cluster.Route) []string
}

var conditionKinds = []conditionKind{
	{"host", "host", "req.hdr(host),field(1,:)", func(r cluster.Route) []string { return r.Host }}, // without the port that some clients add
	{"path-begins", "path_begins", "path_beg", func(r cluster.Route) []string { return r.PathBegins }},
	{"path-ends", "path_ends", "path_end", func(r cluster.Route) []string { return r.PathEnds }},
}

// Patterns is how many numbers a condition has: HAProxy takes 64 words in a line, so that each value has a line, and a number, of its
// own. A condition has at most as many values.
const Patterns = 256

// numbersOfConditions are the first numbers of all conditions, by which the runtime API finds their values (Configuration Manual, 7.1
// "-u"). They are made from names, so that a service which comes before another one does not change them. A condition whose number
// another one has already gets none: its values change by a reload.
func numbersOfConditions(l *cluster.Local) map[string]int {
	of, taken := map[string]int{}, map[int]bool{}
	for _, service := range l.Services {
		for i := range service.Routes {
			for _, kind := range conditionKinds {
				c := condition{service.Name, i, kind}
				if n := c.number(); !taken[n] {
					of[c.String()], taken[n] = n, true
				}
			}
		}
	}
	return of
}

func (c condition) String() string {
	return c.service + " " + c.kind.name + " " + strconv.Itoa(c.route)
}

// number is a multiple of Patterns, above those that HAProxy gives to lists without one.
func (c condition) number() int {
	h := fnv.New32a()
	h.Write([]byte(c.String()))
	return Patterns * (1 + int(h.Sum32()%(1<<31/Patterns-1)))
}
