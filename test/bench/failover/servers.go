package failover

import (
	"context"
	"errors"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

// TrackedAPI is what one case adds to the cluster file: the instance follows the servers of the API's service.
const TrackedAPI = "\nchecks:\n  api:\n    backend: api-server\n    on_fail: lower\n"

func trackAPI(ctx context.Context, p *pair.Pair) error {
	return p.WithCluster(ctx, func(text string) string { return text + TrackedAPI })
}

func asItWas(ctx context.Context, p *pair.Pair) error {
	return p.WithCluster(ctx, func(text string) string { return text })
}

// apiServers are the addresses of its servers.
const apiServers = "172.18.0.20 172.18.0.21 172.18.0.22 172.18.0.23"

// serversDead takes all servers of the service away from the holder alone, as a broken route does. The time counts from HAProxy's own verdict; before it, it is HAProxy's
// checks that take their time (three of them, a second apart).
func serversDead(ctx context.Context, p *pair.Pair) (Reading, error) {
	holder := p.Home()
	meter, err := begin(ctx, p)
	if err != nil {
		return nil, err
	}
	defer meter.end()
	struck := time.Now()
	if _, err := holder.Script(ctx, "for a in "+apiServers+"; do ip route add unreachable $a || exit 1; done"); err != nil {
		return nil, err
	}
	verdict, verdictErr := p.Verdict(ctx, holder, "api-server")
	b := blow{lands: true}
	over := meter.wait(ctx, func(samples []lab.Sample) bool { return b.over(samples, meter.watch.Landed(struck), struck) })
	samples := meter.end()
	landed := meter.watch.Landed(struck)
	_, err = holder.Script(ctx, "for a in "+apiServers+"; do ip route del unreachable $a; done")
	if err := errors.Join(err, verdictErr); err != nil {
		return nil, err
	}
	return readingSince(samples, struck, verdict, landed, over), nil
}

// readingSince counts from a later moment than the blow.
func readingSince(samples []lab.Sample, struck, verdict, landed time.Time, over bool) Reading {
	r := Reading{Outage: float64(result.Never())}
	first, _ := failures(samples, struck)
	if length, ended := silence(samples, struck); over && ended && first >= 0 {
		r[Outage] = max(0, milliseconds(samples[first].At.Add(length).Sub(verdict)))
	}
	if !landed.IsZero() {
		r[Takeover] = milliseconds(landed.Sub(verdict))
	}
	return r
}
