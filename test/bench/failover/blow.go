package failover

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

// blow is what happens to the holder, and how its admin puts it right. Everything slow is done before the strike, so that this is one moment.
type blow struct {
	// lands says that the address must come to a node before the outage can be over. Otherwise the same node may answer again.
	lands bool
	// aim gets ready; strike strikes; repair is called after the measurement.
	aim func(ctx context.Context, p *pair.Pair, holder *lab.Node) (strike, repair func(context.Context) error, err error)
}

// Limit is how long a run waits before it says never. The slowest pair needs 27 s.
const Limit = 60 * time.Second

func (b blow) run(ctx context.Context, p *pair.Pair) (Reading, error) {
	strike, repair, err := b.aim(ctx, p, p.Home())
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
	over := meter.wait(ctx, func(samples []lab.Sample) bool { return b.over(samples, meter.watch.Landed(struck), struck) })
	samples := meter.end()
	landed := meter.watch.Landed(struck)
	if !over {
		p.Unexpected(ctx)
	}
	if err := repair(ctx); err != nil {
		return nil, err
	}
	return reading(samples, struck, landed, over), ctx.Err()
}

// over says whether the outage is: the address has come to a node, which may be so quick that no request fails, and answers.
func (b blow) over(samples []lab.Sample, landed, struck time.Time) bool {
	switch {
	case !landed.IsZero():
		return steady(samples, landed)
	case b.lands:
		return false
	default:
		return failed(samples, struck) > 0 && steady(samples, struck) // the blow takes a moment to be felt
	}
}

// reading sums up a run that was struck at a moment. landed is zero where the address went nowhere.
func reading(samples []lab.Sample, struck, landed time.Time, over bool) Reading {
	r := Reading{Outage: float64(result.Never())}
	if length, ended := silence(samples, struck); over && ended {
		r[Outage] = milliseconds(length)
	}
	if !landed.IsZero() {
		r[Takeover] = milliseconds(landed.Sub(struck))
	}
	return r
}

// meter is the client and the watch of one run.
type meter struct {
	pair  *pair.Pair
	probe *lab.Probe
	watch *pair.Watch
	ended []lab.Sample
}

// begin starts both and returns when the address has answered for a while without a fault.
func begin(ctx context.Context, p *pair.Pair) (*meter, error) {
	watch, err := p.Watch()
	if err != nil {
		return nil, err
	}
	m := &meter{pair: p, watch: watch, probe: p.Lab.Probe(pair.URL, every, patience)}
	if !m.wait(ctx, func(samples []lab.Sample) bool { return steady(samples, time.Time{}) }) {
		m.end()
		return nil, fmt.Errorf("cannot measure %q: the address does not answer without a fault: %v", p.Subject.Name, m.probe.Report())
	}
	return m, nil
}

// wait looks at the samples until ok, which it reports, or until the Limit is reached.
func (m *meter) wait(ctx context.Context, ok func([]lab.Sample) bool) bool {
	ctx, cancel := context.WithTimeout(ctx, Limit)
	defer cancel()
	ticker := time.NewTicker(200 * time.Millisecond)
	defer ticker.Stop()
	for !ok(m.probe.Report().Samples) {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// end stops both, once, and returns all samples: requests under way are waited for.
func (m *meter) end() []lab.Sample {
	if m.ended == nil {
		m.ended = m.probe.Stop().Samples
		m.watch.Stop()
	}
	return m.ended
}
