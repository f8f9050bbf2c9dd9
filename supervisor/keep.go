package supervisor

import (
	"fmt"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// bear in mind what a restart must not forget.
func (p *performer) bear(a state.Remember) {
	if err := p.remember(a.Pending); err != nil {
		p.log.Error().Err(err).Msg("a restart would forget that the change waits for its confirmation")
	}
}

// hold on to a change that has yet to prove itself.
func (p *performer) hold(a state.Promise) {
	if err := p.promise(a.Unproven); err != nil {
		p.log.Error().Err(err).Msg("a restart would forget that the change has yet to prove itself")
	}
}

func (p *performer) keep(a state.Record) {
	for _, c := range recorded(a) {
		if err := p.record(c, a.Keepalived); err != nil {
			p.log.Error().Err(err).Msg("cannot keep the record of the change")
		}
	}
}

// recorded are the changes that history tells of: what was asked for, and the generation that took it back.
func recorded(a state.Record) []status.Change {
	all := []status.Change{a.Change}
	if a.Restored != 0 && (a.Change.Outcome == status.RolledBack || a.Change.Outcome == status.TakenBack) {
		all = append(all, status.Change{
			Request: "rollback", By: "lbsup", Asked: a.Change.Asked, Phase: a.Change.Phase, Outcome: status.Live, Generation: a.Restored,
			Effects: []string{fmt.Sprintf("took back generation %d", a.Change.Generation)},
		})
	}
	return all
}
