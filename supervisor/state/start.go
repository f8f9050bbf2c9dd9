package state

import (
	"time"

	"github.com/lbsup/lbsup/checks"
)

// A HAProxy that is being started is in doubt and not dead, for a while. Leaving FAULT, keepalived waits three adverts
// whatever its track file says (try_up_instance in its vrrp_scheduler.c). Where HAProxy is dead on every node, this wait
// then passes while HAProxy starts. Where another node is well nothing moves: doubt is below it.

// starting tells whether HAProxy is being started for so short a time that keepalived, back in FAULT after the next look,
// would not have taken the VIPs.
func (t *turn) starting() bool {
	since := t.Units[HAProxyUnit].Starting
	if since.IsZero() || t.Installed.Local == nil {
		return false
	}
	wait := 3 * t.Installed.Local.VRRP.AdvertInterval
	return t.now.Sub(since) < wait-t.definitions()[checks.HAProxy].Interval-startMargin
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
