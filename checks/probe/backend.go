package probe

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/checks"
)

// Servers is HAProxy's own opinion of its servers.
type Servers interface {
	// Count answers for each backend, in their order. They are named as in the checks.
	Count(ctx context.Context, backends []string) []Count
}

// Count is how many servers of a backend are up, and how many there are; or why nobody knows.
type Count struct {
	Up, Total int
	Err       error
}

// Backends returns the probe of several checks of backends: one question is for all of them, for each of fifty would cost HAProxy, and
// lbsup, a connection of its own.
func Backends(defs []checks.Definition, servers Servers) (Round, error) {
	names := make([]string, len(defs))
	for i, def := range defs {
		if names[i] = def.Probe.Backend; names[i] == "" || servers == nil {
			return nil, fmt.Errorf("cannot probe check %q: there is no backend to ask about, or nobody to ask", def.Name)
		}
	}
	return func(ctx context.Context) []checks.Result {
		results := make([]checks.Result, len(names))
		for i, count := range servers.Count(ctx, names) {
			results[i] = count.judge(names[i])
		}
		return results
	}, nil
}

func (c Count) judge(backend string) checks.Result {
	switch {
	case c.Err != nil:
		// Whether HAProxy itself works is the question of the haproxy check.
		return doubtful("cannot ask HAProxy about %s: %v", backend, c.Err)
	case c.Total == 0:
		return failed("HAProxy knows no servers of %s", backend)
	case c.Up == 0:
		return sure(failed("none of %d servers of %s is up", c.Total, backend))
	default:
		return sure(healthy("%d of %d servers of %s are up", c.Up, c.Total, backend))
	}
}

// sure marks what HAProxy has found by counting rise and fall of its own: counting a second time would only be late.
func sure(r checks.Result) checks.Result {
	r.Sure = true
	return r
}
