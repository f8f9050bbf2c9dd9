package supervisor

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// The loop is told of each result, and of the worker where it believes something else.
func TestObserved(t *testing.T) {
	n := &node{loop: newLoop(wellNode(t, "loadbalancer-1"), time.Now, zerolog.Nop()), workers: &workers{clock: time.Now}, renewed: make(chan struct{}, 1)}
	well := haproxy.Observation{Result: checks.Result{Check: checks.HAProxy, Health: checks.Healthy, At: noon}, Info: haproxy.Info{PID: 7, Version: "2.6.12"}}
	busy, changed, another := well, well, well
	busy.Info.Connections, changed.Info.Mark, another.Info.PID = 3, "abcd", 8
	silent := haproxy.Observation{Result: checks.Result{Check: checks.HAProxy, Health: checks.Doubtful, At: noon}}
	dead := haproxy.Observation{Result: checks.Result{Check: checks.HAProxy, Health: checks.Failed, Sure: true, At: noon}}
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
		if diff := cmp.Diff(row.want, n.turned(t)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

// A reload that left open who serves has the state believe what was answered then, or nothing.
func TestObservedAfterAnUnsureReload(t *testing.T) {
	s := wellNode(t, "loadbalancer-1")
	n := &node{loop: newLoop(s, time.Now, zerolog.Nop()), workers: &workers{clock: time.Now}, renewed: make(chan struct{}, 1)}
	same := haproxy.Observation{Result: checks.Result{Check: checks.HAProxy, Health: checks.Healthy, At: noon}, Info: haproxy.Info{PID: 101, Version: "2.6.12", Mark: "aaaa"}}
	n.observed(t.Context(), same)
	if diff := cmp.Diff([]string{"healthy"}, n.turned(t)); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	s = n.loop.State()
	s.Worker = state.Worker{}
	n.loop.published.Store(&s)
	n.observed(t.Context(), same)
	if diff := cmp.Diff([]string{"worker 101 aaaa", "healthy"}, n.turned(t)); diff != "" {
		t.Errorf("after (-want +got):\n%s", diff)
	}
}

// turned lets the loop turn with what it was sent, and says what that was.
func (n *node) turned(t *testing.T) (said []string) {
	t.Helper()
	for len(n.loop.events) > 0 {
		e := <-n.loop.events
		switch e := e.(type) {
		case state.WorkerSeen:
			said = append(said, strings.TrimSpace(fmt.Sprintf("worker %d %s", e.Worker.PID, e.Worker.Digest)))
		case state.Probed:
			said = append(said, e.Result.Health.String())
		}
		next, _ := state.Step(n.loop.State(), e)
		n.loop.published.Store(&next)
	}
	return said
}
