package metrics

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Tally counts what happens. It begins at zero with each start of lbsup, as Prometheus expects of counters.
type Tally struct {
	transitions *prometheus.CounterVec
	verdicts    *prometheus.CounterVec
	failovers   *prometheus.HistogramVec
	changes     *prometheus.CounterVec
	activations *prometheus.CounterVec
	failures    *prometheus.CounterVec
	questions   prometheus.Counter
	delay       prometheus.Histogram
	splits      *prometheus.GaugeVec
}

// NewTally returns one that has counted nothing. What can be foreseen begins at 0, so that rate() sees the first time.
func NewTally() *Tally {
	t := &Tally{
		transitions: counters("vrrp_transitions_total", "Transitions that keepalived told of.", "vrrp_instance", "to"),
		verdicts:    counters("check_changes_total", "Verdicts that changed.", "check", "to"),
		failovers: prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: "failover_duration_seconds",
			Help:    "From the first sign on this node until its VIPs were gone (left), or from the reason to take them until it had them (came).",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"vrrp_instance", "direction"}),
		changes:     counters("changes_total", "Changes by their outcome.", "outcome"),
		activations: counters("activations_total", "Reloads, starts and restarts that lbsup asked of a daemon.", "daemon", "how"),
		failures:    counters("activation_failures_total", "Those of them that failed.", "daemon", "how"),
		questions: prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: "health_questions_total",
			Help: "Questions of keepalived's track_script that were answered."}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: "event_loop_lag_seconds",
			Help:    "How late the owner loop came to look at the time, once a second.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}),
		splits: prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: "split_brain",
			Help: "Whether another node has the VIPs of the instance too."}, []string{"vrrp_instance"}),
	}
	for _, outcome := range status.Outcomes() {
		t.changes.WithLabelValues(word(string(outcome)))
	}
	for _, daemon := range []string{"haproxy", "keepalived"} {
		t.activations.WithLabelValues(daemon, "reload")
		t.failures.WithLabelValues(daemon, "reload")
	}
	return t
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func (t *Tally) collectors() []prometheus.Collector {
	return []prometheus.Collector{t.transitions, t.verdicts, t.failovers, t.changes, t.activations, t.failures, t.questions, t.delay, t.splits}
}

// Expect begins at 0 with what can happen to the instances and checks of a cluster.
func (t *Tally) Expect(instances, checks []string) {
	for _, i := range instances {
		for _, to := range roles[:len(roles)-1] {
			t.transitions.WithLabelValues(i, to)
		}
		t.splits.WithLabelValues(i)
	}
	for _, c := range checks {
		for _, to := range verdicts[:len(verdicts)-1] {
			t.verdicts.WithLabelValues(c, to)
		}
	}
}

// Asked counts a question of keepalived.
func (t *Tally) Asked() { t.questions.Inc() }

// Lagged notes how late the owner loop came.
func (t *Tally) Lagged(by time.Duration) { t.delay.Observe(max(0, by).Seconds()) }

// Moved notes how long VIPs were on their way, where that is known.
func (t *Tally) Moved(m status.Move) {
	direction := map[bool]string{true: "came", false: "left"}[m.Here]
	if m.Known {
		t.failovers.WithLabelValues(m.Instance, direction).Observe(m.Took)
	}
}

// Told counts what a moment of the timeline tells.
func (t *Tally) Told(m status.Moment) {
	switch m.Kind {
	case status.RoleKind:
		t.transitions.WithLabelValues(m.Subject, m.Fields["to"]).Inc()
	case status.CheckKind:
		t.verdicts.WithLabelValues(m.Subject, word(m.Fields["to"])).Inc()
	case status.ChangeKind:
		if outcome := m.Fields["outcome"]; outcome != "" {
			t.changes.WithLabelValues(word(outcome)).Inc()
		}
	case status.ActivationKind:
		count := t.activations
		if m.Fields["outcome"] == "failed" {
			count = t.failures
		}
		count.WithLabelValues(strings.TrimSuffix(m.Subject, ".service"), m.Fields["how"]).Inc()
	case status.SplitBrainKind:
		t.splits.WithLabelValues(m.Subject).Set(truth(m.Fields["to"] == "true"))
	}
}

// word makes a label value of words: "live, to be confirmed" is live_to_be_confirmed.
func word(text string) string {
	if text == "in doubt" {
		return "doubtful"
	}
	return strings.NewReplacer(",", "", " ", "_").Replace(text)
}
