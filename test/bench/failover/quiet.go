package failover

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
)

// killLbsup kills the supervisor of the holder. Nobody may notice.
func killLbsup(ctx context.Context, p *pair.Pair) (Reading, error) {
	processes, err := pair.Hold(ctx, p.Home(), lbsupUnit)
	if err != nil {
		return nil, err
	}
	defer processes.Release()
	return quiet(ctx, p, func(context.Context) error { return processes.Kill() })
}

// restartLbsup restarts it as an upgrade would.
func restartLbsup(ctx context.Context, p *pair.Pair) (Reading, error) {
	return quiet(ctx, p, func(ctx context.Context) error {
		_, err := p.Home().Run(ctx, "systemctl", "restart", lbsupUnit)
		return err
	})
}

// quiet strikes, and counts what must not happen until all is well again and the client has had its streak of answers.
func quiet(ctx context.Context, p *pair.Pair, strike action) (Reading, error) {
	asker, err := pair.Ask(ctx, p.Home())
	if err != nil {
		return nil, err
	}
	meter, err := begin(ctx, p)
	if err != nil {
		return nil, err
	}
	defer meter.end()
	struck := time.Now()
	if err := strike(ctx); err != nil {
		return nil, err
	}
	if err := p.Settle(ctx); err != nil {
		return nil, err
	}
	settled := time.Now()
	meter.wait(ctx, func(samples []lab.Sample) bool { return sentAfter(samples, settled) >= streak })
	samples := meter.end()
	answers, err := asker.Stop(ctx)
	if err != nil {
		return nil, err
	}
	if answers.Asked == 0 {
		return nil, fmt.Errorf("cannot count failed checks on %q: nothing was asked", p.Home().Name)
	}
	p.Note(answers.Reasons...)
	return Reading{
		Moves:          float64(len(meter.watch.Moves())),
		FailedRequests: float64(failed(samples, struck)),
		FailedChecks:   float64(answers.Failed),
	}, nil
}

func sentAfter(samples []lab.Sample, moment time.Time) int {
	count := 0
	for i := len(samples) - 1; i >= 0 && samples[i].At.After(moment); i-- {
		count++
	}
	return count
}
