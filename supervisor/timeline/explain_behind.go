package timeline

import (
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// verdictBehind is the verdict that made lbsup tell keepalived something. A fall follows it at once; a rise may wait until
// the node was well for long enough.
func (e explaining) verdictBehind(priority status.Moment, better bool) *status.Moment {
	from := priority.Time.Add(-time.Second)
	if better {
		from = time.Time{}
	}
	latest := last(e.within(from, priority.Time), func(x status.Moment) bool {
		return x.Kind == status.CheckKind && (better || strings.Contains(priority.Reason, x.Subject))
	})
	if latest == nil || healthy(*latest) != better {
		return nil
	}
	return latest
}

func healthy(check status.Moment) bool { return check.Fields["to"] == checks.Healthy.String() }

// daemonBehind is what became of HAProxy just before its check changed its mind, or just after: who hears first is chance.
func (e explaining) daemonBehind(check status.Moment) *status.Moment {
	if check.Subject != checks.HAProxy {
		return nil
	}
	if healthy(check) {
		return last(e.within(check.Time.Add(-beside), check.Time.Add(behind/4)), func(x status.Moment) bool { return x.Fields["worker"] != "" })
	}
	daemon := func(x status.Moment) bool { return x.Kind == status.DaemonKind && x.Subject == state.HAProxyUnit }
	if m := last(e.within(check.Time.Add(-beside), check.Time), daemon); m != nil && down(*m) {
		return m
	}
	if m := e.effect(check.Time, behind/4, daemon); m != nil && down(*m) {
		return m
	}
	return nil
}

// down tells whether a unit has ended, or failed and is being started again.
func down(x status.Moment) bool {
	to, result := x.Fields["to"], x.Fields["result"]
	return to == "failed" || to == "inactive" || to == "deactivating" || to == "activating" && result != "" && result != "success"
}
