package failover

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

// fastAdverts makes the time short for which keepalived listens for adverts after FAULT: three of them.
func fastAdverts(ctx context.Context, p *pair.Pair) error {
	return p.WithCluster(ctx, func(text string) string {
		return strings.Replace(text, "\nvrrp:\n", "\nvrrp:\n  advert_interval: 40ms\n", 1)
	})
}

// bothDeadOneBack stops both HAProxies, waits until nothing answers, starts one, and measures from its first answer at its own address to the first
// answer of the VIP.
func bothDeadOneBack(ctx context.Context, p *pair.Pair) (Reading, error) {
	for _, node := range p.Lab.Nodes {
		if _, err := node.Run(ctx, "systemctl", "stop", haproxyUnit); err != nil {
			return nil, err
		}
	}
	back := p.Home()
	own := p.Lab.Probe(fmt.Sprintf("http://%s:6443/", p.AddressOf(back)), every, patience)
	vip := p.Lab.Probe(pair.URL, every, patience)
	m := &meter{pair: p, probe: vip}
	dead := m.wait(ctx, func(samples []lab.Sample) bool { return silentFor(samples, time.Second) })
	_, err := back.Run(ctx, "systemctl", "start", haproxyUnit)
	over := m.wait(ctx, func(samples []lab.Sample) bool { return steady(samples, time.Time{}) })
	here, there := own.Stop().Samples, vip.Stop().Samples
	if !over {
		p.Unexpected(ctx)
	}
	_, errPeer := p.Peer().Run(ctx, "systemctl", "start", haproxyUnit)
	if err := errors.Join(err, errPeer); err != nil {
		return nil, err
	}
	if !dead {
		return nil, fmt.Errorf("cannot measure both dead: the address of %q answers with both HAProxies stopped", p.Subject.Name)
	}
	return Reading{Outage: between(here, there, over)}, ctx.Err()
}

// between is the time from the first good answer at a node's own address, when it was asked, to the first over the VIP, when it was answered.
func between(own, vip []lab.Sample, over bool) float64 {
	listens, answers := firstGood(own), firstGood(vip)
	if !over || listens == nil || answers == nil {
		return float64(result.Never())
	}
	return max(0, milliseconds(answers.At.Add(answers.Took).Sub(listens.At)))
}

// firstGood is the first sample that was answered. Nothing can answer before a HAProxy is back, and a request that fails later, on a busy machine, changes nothing.
func firstGood(samples []lab.Sample) *lab.Sample {
	i := slices.IndexFunc(samples, func(s lab.Sample) bool { return s.Err == nil })
	if i < 0 {
		return nil
	}
	return &samples[i]
}

// silentFor says whether nothing sent in the last while was answered.
func silentFor(samples []lab.Sample, while time.Duration) bool {
	if len(samples) == 0 {
		return false
	}
	end := samples[len(samples)-1].At
	for i := len(samples) - 1; i >= 0; i-- {
		if samples[i].Err == nil {
			return false
		}
		if end.Sub(samples[i].At) >= while {
			return true
		}
	}
	return false
}
