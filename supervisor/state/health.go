package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// probed counts one result. A result of a check that is no longer defined is late mail.
func (t *turn) probed(r checks.Result) {
	tracker, ok := t.Trackers[r.Check]
	if !ok {
		return
	}
	if r.Check == checks.HAProxy {
		r = t.doubted(r)
	}
	next, _ := tracker.Holding(t.holdsFor(r.Check)).Next(r)
	t.Trackers = with(t.Trackers, r.Check, next)
	if r.Health == checks.Healthy {
		t.Good = with(t.Good, r.Check, r.At)
	}
}

// doubted tells the death of a worker that was seen from the absence of one that never was: while systemd says that
// HAProxy runs, it may well serve, with a configuration that does not have lbsup's socket. That is doubt, and so is one
// that systemd has just begun to start.
func (t *turn) doubted(r checks.Result) checks.Result {
	if r.Health != checks.Failed || !r.Sure {
		return r
	}
	switch {
	case t.Worker.PID == 0 && t.Units[HAProxyUnit].Running():
		r.Health, r.Reason = checks.Doubtful, HAProxyUnit+" is active, and no worker answers lbsup: "+r.Reason
	case t.starting():
		r.Health, r.Reason = checks.Doubtful, HAProxyUnit+" is starting"
	}
	t.Worker = Worker{}
	return r
}

// holdsFor tells whether this node holds the VIPs of an instance that tracks the check.
func (t *turn) holdsFor(check string) bool {
	if t.Installed.Local == nil {
		return false
	}
	for _, i := range t.Installed.Local.VRRP.Instances {
		if tracks(i, check) && t.holds(i) {
			return true
		}
	}
	return false
}

// patience is the shortest interval that staleness is counted in: a scheduler that stalled for a moment is not a probe
// that has gone silent.
const patience = time.Second

// Verdict returns what is known about a check now. It is stale when its probe has been silent for three intervals.
func (s State) Verdict(name string) checks.Verdict {
	if name == checks.Supervisor {
		return s.supervisor()
	}
	if v, ok := s.Composed[name]; ok {
		return v
	}
	if tracker, ok := s.Trackers[name]; ok {
		v := tracker.Verdict()
		v.Interval = max(v.Interval, patience)
		return checks.Stale(v, s.Ticked)
	}
	return checks.Verdict{Check: name}
}

// Verdicts returns every verdict, in the order of the cluster file, lbsup's own last.
func (s State) Verdicts() []checks.Verdict {
	var all []checks.Verdict
	if s.Installed.Local != nil {
		for _, def := range s.Installed.Local.Checks {
			all = append(all, s.Verdict(def.Name))
		}
	}
	return append(all, s.supervisor())
}

// supervisor is the verdict on lbsup itself. Its time is that of the last tick, so that a loop which stops turning
// makes it stale without doing anything.
func (s State) supervisor() checks.Verdict {
	v := checks.Verdict{Check: checks.Supervisor, Health: checks.Healthy, Reason: "lbsup is at work", At: s.Ticked, Interval: patience}
	var errs []string
	for _, instance := range slices.Sorted(maps.Keys(s.Levels)) {
		if err := s.TrackErrors[instance]; err != "" {
			errs = append(errs, err)
		} else if err := s.deaf(instance); err != "" {
			errs = append(errs, err)
		}
	}
	if s.LoadError != "" && s.Installed.Local == nil {
		errs = append(errs, s.LoadError) // nothing is supervised: let the peer have the VIPs
	}
	if len(errs) > 0 {
		v.Health, v.Reason = checks.Failed, strings.Join(errs, "; ")
	}
	return v
}

// obeyed is how long keepalived may take to follow a track file; its inotify takes a millisecond.
const obeyed = 2 * time.Second

// deaf tells that keepalived does not follow a track file, "" when it does or nobody knows: it forgets a file that it
// could not watch when it started, and one in a directory that was made anew. The dead man's switch then has to move
// what the file no longer can.
func (s State) deaf(instance string) string {
	told, known := s.Priorities[instance]
	unit := s.Units[KeepalivedUnit]
	if !known || !unit.Running() || s.Ticked.Sub(s.Told[instance]) < obeyed || s.Ticked.Sub(unit.Since) < obeyed {
		return ""
	}
	level, role := s.Levels[instance], s.Roles[instance].Name
	unanswered := max(1, level.Effective-s.Installed.Plan.Pull())
	switch {
	case level.Fault && (role == "MASTER" || role == "BACKUP"):
		return fmt.Sprintf("keepalived has %s as %s and not in FAULT: it does not follow the track file", instance, role)
	case level.Fault, told == level.Effective, told == unanswered:
		return ""
	default:
		return fmt.Sprintf("keepalived has %s at priority %d and not at %d: it does not follow the track file", instance, told, level.Effective)
	}
}

// compose draws the verdicts of any and all from those of their parts. A part always comes before the check that uses it.
func (t *turn) compose() {
	if t.Installed.Local == nil {
		return
	}
	composed := draft[string, checks.Verdict]{of: &t.Composed}
	for _, def := range t.Installed.Local.Checks {
		if def.Probe.Kind != checks.KindAny && def.Probe.Kind != checks.KindAll {
			continue
		}
		r := checks.Combine(def, t.parts(def), t.Ticked)
		v := checks.Verdict{Check: def.Name, Health: r.Health, Reason: r.Reason, Since: t.now, At: t.now, Interval: patience}
		if old, ok := t.Composed[def.Name]; ok && old.Health == v.Health {
			v.Since = old.Since
		}
		composed.set(def.Name, v)
	}
}

func (t *turn) parts(def checks.Definition) []checks.Verdict {
	parts := make([]checks.Verdict, len(def.Probe.Of))
	for i, name := range def.Probe.Of {
		parts[i] = t.Verdict(name)
	}
	return parts
}
