package failover

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Case is one way in which a part of the holder dies.
type Case struct {
	Name  string
	Title string // as a person would say it
	// Opponents says that the other subjects are measured too; what only lbsup has cannot die elsewhere.
	Opponents bool
	// Times is how often a full benchmark repeats it; 0: as often as anything else.
	Times int

	prepare func(context.Context, *pair.Pair) error // once before the first run
	restore func(context.Context, *pair.Pair) error // once after the last
	run     func(context.Context, *pair.Pair) (Reading, error)
}

// Reading is what one run measured.
type Reading map[Quantity]float64

// Quantity is what can be measured in a run: the bench and the unit of a row.
type Quantity struct{ Bench, Unit string }

// What the cases measure.
var (
	// Outage is how long the client went without an answer, by the package's definition.
	Outage = Quantity{"failover", result.Milliseconds}
	// Takeover is the time from the blow to the address's arrival on a node, by the kernel's word.
	Takeover = Quantity{"takeover", result.Milliseconds}

	Moves          = Quantity{"failover", result.Moves}
	FailedRequests = Quantity{"failover", result.FailedRequests}
	FailedChecks   = Quantity{"failover", result.FailedChecks}
)

// Cases are all of them, in the order of the report.
func Cases() []Case {
	return []Case{
		{Name: "kill-9-haproxy", Title: "HAProxy killed (-9, all processes)", Opponents: true, run: killHAProxy.run},
		{Name: "kill-9-haproxy-restarted", Title: "HAProxy killed, systemd restarts it", Opponents: true,
			prepare: func(ctx context.Context, p *pair.Pair) error { return p.AllowRestart(ctx, true) },
			restore: func(ctx context.Context, p *pair.Pair) error { return p.AllowRestart(ctx, false) },
			run:     killHAProxyRestarted.run},
		{Name: "systemctl-stop-haproxy", Title: "systemctl stop haproxy", Opponents: true, run: stopHAProxy.run},
		{Name: "sigstop-haproxy", Title: "HAProxy wedged (SIGSTOP)", Opponents: true, run: stopSignalHAProxy.run},
		{Name: "kill-9-keepalived", Title: "keepalived killed (-9, all processes)", Opponents: true, run: killKeepalived.run},
		{Name: "network-cut", Title: "host unreachable (all cables cut)", Opponents: true, run: cutNetwork.run},
		{Name: "power-off", Title: "host dead (power off)", Opponents: true, run: powerOff.run},
		{Name: "server-dead", Title: "every server of a tracked service dead for one node, after HAProxy's verdict",
			prepare: trackAPI, restore: asItWas, run: serversDead},
		{Name: "both-dead-one-back", Title: "both HAProxies dead, then one back: from its first answer", run: bothDeadOneBack},
		{Name: "both-dead-one-back-40ms", Title: "the same with `advert_interval: 40ms`", prepare: fastAdverts, restore: asItWas, run: bothDeadOneBack},
		{Name: "lbsup-killed", Title: "lbsup killed (-9)", run: killLbsup},
		{Name: "lbsup-restart-100", Title: "lbsup restarted", Times: 100, run: restartLbsup},
	}
}

// ChooseCases are the cases of these names, all if there are none.
func ChooseCases(names []string) ([]Case, error) {
	all := Cases()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []Case
	for _, name := range names {
		i := slices.IndexFunc(all, func(c Case) bool { return c.Name == name })
		if i < 0 {
			var known []string
			for _, c := range all {
				known = append(known, c.Name)
			}
			return nil, fmt.Errorf("cannot measure case %q: got an unknown case, want one of %s", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
