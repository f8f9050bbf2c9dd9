package probe

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/checks"
)

func newBackend(name, backend string, servers Servers) (Func, error) {
	if backend == "" || servers == nil {
		return nil, fmt.Errorf("cannot probe check %q: there is no backend to ask about, or nobody to ask", name)
	}
	return func(ctx context.Context) checks.Result {
		up, total, err := servers.Up(ctx, backend)
		switch {
		case err != nil:
			// Whether HAProxy itself works is the question of the haproxy check.
			return doubtful("cannot ask HAProxy about %s: %v", backend, err)
		case total == 0:
			return failed("HAProxy knows no servers of %s", backend)
		case up == 0:
			return sure(failed("none of %d servers of %s is up", total, backend))
		default:
			return sure(healthy("%d of %d servers of %s are up", up, total, backend))
		}
	}, nil
}

// sure marks what HAProxy has found by counting rise and fall of its own: counting a second time would only be late.
func sure(r checks.Result) checks.Result {
	r.Sure = true
	return r
}
