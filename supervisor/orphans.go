package supervisor

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
)

const (
	orphansUnit  = "lbsup-orphans.service"
	removalLimit = 15 * time.Second // the unit has a deadline of its own
)

// lookForOrphans comes back after the time that it was told to wait.
func (p *performer) lookForOrphans(a state.LookForOrphans) {
	time.AfterFunc(a.After, func() { p.loop.send(p.ctx, state.OrphansDue{At: p.loop.now(), Since: a.Since}) })
}

// removeOrphans has root do it.
func (p *performer) removeOrphans(a state.RemoveOrphans) {
	p.log.Warn().Str("reason", a.Reason).Msg("removing orphaned VIPs")
	done := state.OrphansRemoved{}
	if err := p.takeOff(p.ctx); err != nil {
		done.Err = err.Error()
		p.log.Error().Err(err).Msg("orphaned VIPs are still here")
	}
	done.At = p.loop.now()
	p.loop.send(p.ctx, done)
}

func (n *node) takeOff(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, removalLimit)
	defer cancel()
	return n.units.Start(ctx, orphansUnit)
}
