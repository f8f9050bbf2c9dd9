package supervisor

import (
	"testing"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
)

// lbsup-wire is told anew when it may have something else to do, and is not asked to look at every step.
func TestWishes(t *testing.T) {
	conflict := map[string]state.Conflict{"VI_1": {}}
	local := &cluster.Local{}
	for _, row := range []struct {
		name          string
		before, after state.State
		e             state.Event
		want          bool
	}{
		{"time goes by", state.State{}, state.State{}, state.Tick{}, false},
		{"a result", state.State{Conflicts: conflict}, state.State{Conflicts: conflict}, state.Probed{}, false},
		{"the kernel's addresses changed", state.State{}, state.State{}, state.AddressesChanged{}, true},
		{"another cluster file", state.State{}, state.State{Installed: state.Installed{Local: local}}, state.Loaded{}, true},
		{"the neighbours are to be told", state.State{}, state.State{Announcements: 1}, state.Tick{}, true},
		{"a conflict begins", state.State{}, state.State{Conflicts: conflict}, state.WireSeen{}, true},
		{"a conflict ends", state.State{Conflicts: conflict}, state.State{}, state.Tick{}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := wishes(row.before, row.after, row.e); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

// During a conflict every report counts: a voice that is silent for a moment ends it.
func TestOftenInAConflict(t *testing.T) {
	s := wellNode(t, "loadbalancer-1", bothVIPs)
	if wishOf(s).Often {
		t.Error("at rest lbsup-wire reports often")
	}
	s.Conflicts = map[string]state.Conflict{"VI_1": {}}
	if !wishOf(s).Often {
		t.Error("in a conflict lbsup-wire reports seldom")
	}
}
