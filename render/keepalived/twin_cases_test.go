package keepalived

import (
	"fmt"
	"testing"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// TestSixteenOnRealPair puts a real pair into each of the sixteen conditions.
func TestSixteenOnRealPair(t *testing.T) {
	t.Parallel()
	plan, both := twins(t, func(*cluster.Instance) {})
	for _, row := range sixteen {
		for i, c := range []condition{row.a, row.b} {
			both[i].track(t, levelOf(plan, both[i].node, c).Value)
			both[i].link(t, c.link)
		}
		want := map[string]string{"a": both[0].node, "b": both[1].node}[row.ours]
		t.Logf("%+v and %+v: %s", row.a, row.b, row.ours)
		settles(t, both, want)
	}
}

// TestReturnOnRealPair has a node come back, and wait its time, in an instance of either kind.
func TestReturnOnRealPair(t *testing.T) {
	for _, hold := range []bool{false, true} {
		t.Run(fmt.Sprintf("hold %v", hold), func(t *testing.T) {
			t.Parallel()
			plan, both := twins(t, func(i *cluster.Instance) { i.Hold = hold })
			first, second := both[0].node, both[1].node
			put := func(w *twin, health checks.Health, s Standing) {
				t.Helper()
				w.track(t, plan.Level(w.node, func(string) checks.Verdict { return checks.Verdict{Health: health} }, s).Value)
			}
			well := func(w *twin) { put(w, checks.Healthy, Standing{}) }
			well(both[0])
			well(both[1])
			settles(t, both, first)
			put(both[0], checks.Failed, Standing{Holder: true})
			settles(t, both, second)
			put(both[0], checks.Healthy, Standing{Recovering: true})
			settles(t, both, second) // it has to wait
			put(both[1], checks.Doubtful, Standing{Holder: true})
			settles(t, both, first) // unless there is nobody who is well
			well(both[1])
			settles(t, both, second)
			well(both[0])
			settles(t, both, first) // now it has waited
			put(both[0], checks.Failed, Standing{Holder: true})
			put(both[1], checks.Failed, Standing{})
			if hold {
				settles(t, both, first) // both are at the bottom
			} else {
				settles(t, both, "")
			}
			put(both[1], checks.Healthy, Standing{Recovering: true})
			settles(t, both, second)
		})
	}
}
