package supervisor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/probe"
	"github.com/lbsup/lbsup/render/cluster"
	renderhaproxy "github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// together sorts the checks of backends by the pace that they want: those of one pace share a question, and none is asked later, or waited for longer,
// than it says.
func together(all []checks.Definition) [][]checks.Definition {
	type pace struct{ interval, timeout time.Duration }
	var groups [][]checks.Definition
	places := map[pace]int{}
	for _, def := range all {
		if def.Probe.Kind != checks.KindBackend {
			continue
		}
		its := pace{def.Interval, def.Timeout}
		at, known := places[its]
		if !known {
			at = len(groups)
			places[its], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], def)
	}
	return groups
}

// backends returns what looks after checks of one pace.
func (p *probes) backends(defs []checks.Definition, servers pools) func(context.Context) error {
	n := p.node
	return func(ctx context.Context) error {
		round, err := probe.Backends(defs, servers)
		if err != nil {
			return err
		}
		return probe.RunTogether(ctx, defs, round, p.remember(defs[0]), func(results []checks.Result) {
			n.loop.send(ctx, state.ProbedTogether{At: state.At(results[0].At), Results: results})
		})
	}
}

// pools answers for the backends of checks, which name them as the cluster file does: service, or service/pool.
type pools struct {
	counter *haproxy.Counter
	local   *cluster.Local
}

// Count asks one question about all.
func (p pools) Count(ctx context.Context, backends []string) []probe.Count {
	names := make([]string, len(backends))
	for i, backend := range backends {
		names[i] = p.name(backend)
	}
	tallies, err := p.counter.Count(ctx, names)
	counts := make([]probe.Count, len(names))
	for i, name := range names {
		tally, known := tallies[name]
		counts[i] = probe.Count{Up: tally.Up, Total: tally.Total, Err: err}
		if err == nil && !known {
			counts[i].Err = fmt.Errorf("cannot count the servers of backend %q: HAProxy has no server in it", name)
		}
	}
	return counts
}

func (p pools) name(backend string) string {
	service, pool, _ := strings.Cut(backend, "/")
	for _, s := range p.local.Services {
		for _, candidate := range s.Pools {
			if s.Name == service && (candidate.Name == pool || pool == "" && (len(s.Pools) == 1 || candidate.Name == s.Default)) {
				return renderhaproxy.BackendName(s, candidate)
			}
		}
	}
	return backend
}
