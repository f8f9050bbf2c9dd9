package state_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
)

// crowd is a state with as many instances as there are router IDs, and as many checks of checks.
func crowd(t testing.TB, health checks.Health) (s state.State, next func() state.Event) {
	t.Helper()
	c := openShift(t)
	one := c.VRRP.Instances[0]
	c.VRRP.Instances = nil
	for id := 1; id <= 255; id++ {
		one.Name, one.RouterID = fmt.Sprintf("VI_%d", id), id
		c.VRRP.Instances = append(c.VRRP.Instances, one)
		c.Checks = append(c.Checks, checks.Definition{Name: fmt.Sprintf("any_%d", id), Probe: checks.Probe{Kind: checks.KindAny, Of: []string{checks.HAProxy}}})
	}
	local, err := c.Local("loadbalancer-1")
	if err != nil {
		t.Fatal(err)
	}
	now := dawn
	s, _ = state.Step(s, state.Loaded{At: state.At(now), Installed: state.Installed{Number: 3, HAProxy: "aaaa", Local: local, Plan: keepalived.NewPlan(c)}})
	next = func() state.Event {
		now = now.Add(200 * time.Millisecond)
		return state.Probed{At: state.At(now), Result: checks.Result{Check: checks.HAProxy, Health: health, Reason: "as ever", At: now}}
	}
	for range 3 {
		s, _ = state.Step(s, next())
	}
	return s, next
}

// There are several events a second, and most say what is known.
func TestEventThatChangesNothingCopiesNothing(t *testing.T) {
	s, next := crowd(t, checks.Healthy)
	after, _ := state.Step(s, next())
	if len(after.Levels) != 255 || len(after.Told) != 255 {
		t.Fatalf("%d instances have a level and %d were told of it", len(after.Levels), len(after.Told))
	}
	for name, maps := range map[string][2]any{"Levels": {s.Levels, after.Levels}, "Told": {s.Told, after.Told}, "Ill": {s.Ill, after.Ill}} {
		if reflect.ValueOf(maps[0]).Pointer() != reflect.ValueOf(maps[1]).Pointer() {
			t.Errorf("%s was copied", name)
		}
	}
}

func BenchmarkEventOfACrowd(b *testing.B) {
	for _, health := range []checks.Health{checks.Healthy, checks.Doubtful} {
		b.Run(health.String(), func(b *testing.B) {
			s, next := crowd(b, health)
			b.ReportAllocs()
			for b.Loop() {
				s, _ = state.Step(s, next())
			}
		})
	}
}
