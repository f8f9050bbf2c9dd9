package supervisor

import (
	"cmp"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// leaves tells which generation from before lbsup a rollback would go to, 0 for none. Its configuration gives lbsup no socket to ask HAProxy at and
// keepalived no track file: it could never prove itself, and would be taken back after a minute during which the node serves nothing.
func leaves(r control.Request, s state.State, found func(generation int) bool) int {
	confirming := s.Job != nil && s.Job.Phase == state.Confirming && r.To == 0 // goes to where that change came from
	to := cmp.Or(r.To, s.Installed.Previous)
	if r.Verb != control.Rollback || confirming || !found(to) {
		return 0
	}
	return to
}

// stays is the answer to a rollback that would leave lbsup.
func stays(r control.Request, to int, now time.Time) status.Change {
	return status.Change{
		Request: r.Verb, By: r.By, Asked: now, Outcome: status.Refused,
		Problems: []status.Problem{{
			Message: fmt.Sprintf("cannot roll back to generation %d: it is what was here before lbsup, and lbsup cannot supervise it", to),
			Hint:    fmt.Sprintf("REMOVAL in man lbsup says how to go back to it; its files are in %s/%d", render.GenerationsDir, to),
		}},
	}
}

// found tells whether a generation is what was on the disk before lbsup came.
func (n *node) found(generation int) bool {
	m, err := n.store.Get(generation)
	return err == nil && m.Origin == apply.OriginFound
}
