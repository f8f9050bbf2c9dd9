package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Source is where a Collector asks at each scrape.
type Source interface {
	Status(ctx context.Context) (status.Snapshot, error)
	Pulse() Pulse
}

// Pulse is how the supervisor itself is doing.
type Pulse struct {
	Turned  time.Time // when the owner loop last looked at the time
	Queue   int       // events that wait for it
	Viewers int       // browsers with an open page
}

// Collector reads everything from the source when it is asked, and keeps nothing.
type Collector struct {
	Source Source
	Within time.Duration // how long the source may take
}

// Describe is part of prometheus.Collector.
func (c Collector) Describe(out chan<- *prometheus.Desc) {
	for _, f := range families {
		out <- f
	}
}

// Collect is part of prometheus.Collector.
func (c Collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), c.Within)
	defer cancel()
	s, err := c.Source.Status(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(well, err)
		return
	}
	r := reading{out: out}
	r.node(s)
	r.vrrp(s.Instances)
	r.checks(s.Checks)
	r.services(s.Services)
	r.daemons(s)
	r.change(s)
	r.certificates(s.Certificates)
	r.peers(s)
	r.pulse(c.Source.Pulse(), s.Time)
}

// reading is one scrape in the making.
type reading struct{ out chan<- prometheus.Metric }

func (r reading) tell(f *prometheus.Desc, value float64, labels ...string) {
	r.out <- prometheus.MustNewConstMetric(f, prometheus.GaugeValue, value, labels...)
}

// truth is 1 for what is so.
func truth(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// oneOf tells a family with a label state: 1 for the one that is, 0 for the others.
func (r reading) oneOf(f *prometheus.Desc, name, is string, states []string) {
	for _, s := range states {
		r.tell(f, truth(s == is), name, s)
	}
}

// moment tells a time, unless it is not known.
func (r reading) moment(f *prometheus.Desc, t time.Time, labels ...string) {
	if !t.IsZero() {
		r.tell(f, float64(t.UnixMilli())/1000, labels...)
	}
}

func (r reading) pulse(p Pulse, now time.Time) {
	r.tell(queue, float64(p.Queue))
	r.tell(viewers, float64(p.Viewers))
	if !p.Turned.IsZero() {
		r.tell(boardAge, max(0, now.Sub(p.Turned).Seconds()))
	}
}
