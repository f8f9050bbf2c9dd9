package supervisor

import (
	"testing"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestNoRollbackLeavesLbsup(t *testing.T) {
	second := state.State{Installed: state.Installed{Number: 2, Previous: 1}}
	third := state.State{Installed: state.Installed{Number: 3, Previous: 2}}
	unconfirmed := state.State{Installed: state.Installed{Number: 3, Previous: 1}, Job: &state.Job{Phase: state.Confirming, GoBack: 2}}
	const refused = "cannot roll back to generation 1: it is what was here before lbsup, and lbsup cannot supervise it"
	for _, row := range []struct {
		name string
		ask  control.Request
		s    state.State
		want string
	}{
		{"to it by its number", control.Request{Verb: control.Rollback, To: 1}, third, refused},
		{"to it, because it is the one before", control.Request{Verb: control.Rollback}, second, refused},
		{"to another by its number", control.Request{Verb: control.Rollback, To: 2}, third, ""},
		{"to the one before", control.Request{Verb: control.Rollback}, third, ""},
		{"of a change that nobody has confirmed", control.Request{Verb: control.Rollback}, unconfirmed, ""},
		{"a reload", control.Request{Verb: control.Reload}, second, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ""
			if err := leaves(row.ask, row.s, func(generation int) bool { return generation == 1 }); err != nil {
				got = err.Error()
			}
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
