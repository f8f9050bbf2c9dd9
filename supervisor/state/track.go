package state

import (
	"slices"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
)

// level tells each track file what its instance is worth now. While a tracked check has not been answered yet, the
// file keeps what it says: a supervisor that has just started moves nothing.
func (t *turn) level() {
	if t.Installed.Local == nil {
		return
	}
	node := t.Installed.Local.Node.Name
	levels := draft[string, keepalived.Level]{of: &t.Levels}
	told, ill := draft[string, time.Time]{of: &t.Told}, draft[string, time.Time]{of: &t.Ill}
	for _, instance := range t.Installed.Local.VRRP.Instances {
		plan := t.Installed.Plan.Instance(instance.Name)
		want := plan.Level(node, t.Verdict, t.standing(instance))
		if !want.Dead && !want.Well && tracks(instance, checks.HAProxy) && t.lingers() {
			want = plan.Starting(t.Verdict(checks.HAProxy).Reason)
		}
		if t.Conflicts[instance.Name].Yields {
			want = keepalived.Yielded(t.Cause(instance))
		}
		if !want.Dead && t.unanswered(instance) {
			continue
		}
		if !want.Well {
			ill.set(instance.Name, t.now)
		}
		have, written := t.Levels[instance.Name]
		levels.set(instance.Name, want)
		if written && have.Value == want.Value && !t.retry(instance.Name) {
			continue
		}
		told.set(instance.Name, t.now)
		t.do(WriteTrack{Instance: instance.Name, Value: want.Value, Reason: want.Reason})
	}
}

// standing says how an instance stands beside its checks. A node that was ill takes its place back only when it has been
// well for a while, so that one which comes and goes does not take the VIPs along each time.
func (t *turn) standing(i cluster.Instance) keepalived.Standing {
	ill, was := t.Ill[i.Name]
	return keepalived.Standing{Holder: t.holds(i), Recovering: was && t.now.Sub(ill) < i.PreemptDelay}
}

func tracks(i cluster.Instance, check string) bool {
	return slices.ContainsFunc(i.Track.Checks, func(c cluster.TrackedCheck) bool { return c.Check == check })
}

// retry tells whether a track file that could not be written is due again: at a tick, not at once, or a full disk would
// keep the loop busy.
func (t *turn) retry(instance string) bool { return t.tick && t.TrackErrors[instance] != "" }

func (t *turn) unanswered(instance cluster.Instance) bool {
	for _, tracked := range instance.Track.Checks {
		if t.Verdict(tracked.Check).Health == checks.Unknown {
			return true
		}
	}
	return false
}

func (t *turn) trackWritten(e TrackWritten) {
	errs := make(map[string]string, len(t.TrackErrors))
	for instance, err := range t.TrackErrors {
		if instance != e.Instance {
			errs[instance] = err
		}
	}
	if e.Err != "" {
		errs[e.Instance] = e.Err
	}
	t.TrackErrors = errs
}
