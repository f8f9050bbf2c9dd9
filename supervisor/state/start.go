package state

import (
	"time"

	"github.com/lbsup/lbsup/checks"
)

// A HAProxy that is being started is in doubt and not dead: that the process before it has ended is no news of it. Leaving FAULT,
// keepalived waits three adverts whatever its track file says (try_up_instance in its vrrp_scheduler.c). Where HAProxy is dead
// on every node, this wait then passes while HAProxy starts. Where another node is well nothing moves: doubt is below it. A start
// that takes longer than this wait goes to the bottom, below a node that has lost its supervisor too.

// starting tells whether systemd is starting HAProxy and nothing answers yet.
func (t *turn) starting() bool {
	return t.Worker.PID == 0 && !t.Units[HAProxyUnit].Starting.IsZero()
}

// lingers tells whether HAProxy has been starting for so long that keepalived, told only after the next look, could have taken the
// VIPs of a node that announces them.
func (t *turn) lingers() bool {
	if !t.starting() {
		return false
	}
	wait := 3 * t.Installed.Local.VRRP.AdvertInterval
	return t.now.Sub(t.Units[HAProxyUnit].Starting) >= wait-t.definitions()[checks.HAProxy].Interval-startMargin
}

// startMargin is how much later than planned the next look may come.
const startMargin = 100 * time.Millisecond

// startOf returns since when systemd starts a daemon, the zero time while it does not. In auto-restart it only waits.
func startOf(before, now Unit, at time.Time) time.Time {
	switch {
	case now.Active != "activating" || now.Sub == "auto-restart":
		return time.Time{}
	case !before.Starting.IsZero():
		return before.Starting
	default:
		return at
	}
}
