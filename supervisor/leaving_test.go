package supervisor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestNoRollbackLeavesLbsup(t *testing.T) {
	second := state.State{Installed: state.Installed{Number: 2, Previous: 1}}
	third := state.State{Installed: state.Installed{Number: 3, Previous: 2}}
	unconfirmed := state.State{Installed: state.Installed{Number: 3, Previous: 1}, Job: &state.Job{Phase: state.Confirming, GoBack: 2}}
	for _, row := range []struct {
		name string
		ask  control.Request
		s    state.State
		want int
	}{
		{"to it by its number", control.Request{Verb: control.Rollback, To: 1}, third, 1},
		{"to it, because it is the one before", control.Request{Verb: control.Rollback}, second, 1},
		{"to another by its number", control.Request{Verb: control.Rollback, To: 2}, third, 0},
		{"to the one before", control.Request{Verb: control.Rollback}, third, 0},
		{"of a change that nobody has confirmed", control.Request{Verb: control.Rollback}, unconfirmed, 0},
		{"a reload", control.Request{Verb: control.Reload}, second, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := leaves(row.ask, row.s, func(generation int) bool { return generation == 1 }); got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
}

func TestWhoWantsToLeaveIsToldHow(t *testing.T) {
	b := &backend{
		loop: newLoop(state.State{Installed: state.Installed{Number: 2, Previous: 1}}, time.Now, zerolog.Nop()), desk: newDesk(),
		clock: func() time.Time { return noon }, found: func(generation int) bool { return generation == 1 },
	}
	got, err := b.Change(t.Context(), control.Request{Verb: control.Rollback, By: "alice"}, func(string) {})
	want := status.Change{Request: "rollback", By: "alice", Asked: noon, Outcome: status.Refused, Problems: []status.Problem{{
		Message: "cannot roll back to generation 1: it is what was here before lbsup, and lbsup cannot supervise it",
		Hint:    "REMOVAL in man lbsup says how to go back to it; its files are in /var/lib/lbsup/generations/1",
	}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}
