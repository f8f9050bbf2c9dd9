package supervisor

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// The loop is told of each result, and of the worker when there is something to tell.
func TestObserved(t *testing.T) {
	n := &node{loop: newLoop(state.State{}, time.Now, zerolog.Nop()), workers: &workers{clock: time.Now}, renewed: make(chan struct{}, 1)}
	well := haproxy.Observation{Result: checks.Result{Health: checks.Healthy}, Info: haproxy.Info{PID: 7, Version: "2.6.12"}}
	busy, changed, another := well, well, well
	busy.Info.Connections, changed.Info.Mark, another.Info.PID = 3, "abcd", 8
	silent := haproxy.Observation{Result: checks.Result{Health: checks.Doubtful}}
	dead := haproxy.Observation{Result: checks.Result{Health: checks.Failed, Sure: true}}
	for _, row := range []struct {
		name string
		o    haproxy.Observation
		want []string
	}{
		{"the first answer", well, []string{"worker 7", "healthy"}},
		{"the same again", well, []string{"healthy"}},
		{"no answer", silent, []string{"in doubt"}},
		{"the same as before", well, []string{"healthy"}},
		{"more connections", busy, []string{"worker 7", "healthy"}},
		{"another configuration", changed, []string{"worker 7 abcd", "healthy"}},
		{"another worker", another, []string{"worker 8", "healthy"}},
		{"it is dead", dead, []string{"failed"}},
		{"and answers again", another, []string{"worker 8", "healthy"}},
	} {
		n.observed(t.Context(), row.o)
		var got []string
		for len(n.loop.events) > 0 {
			switch e := (<-n.loop.events).(type) {
			case state.WorkerSeen:
				text := fmt.Sprintf("worker %d", e.Worker.PID)
				if e.Worker.Digest != "" {
					text += " " + e.Worker.Digest
				}
				got = append(got, text)
			case state.Probed:
				got = append(got, e.Result.Health.String())
			}
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}
