package state

import (
	"reflect"
	"strconv"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// loaded takes over what is installed: its checks, its instances, its plan. Trackers of checks that did not change
// keep what they know. An edit that was made while lbsup was away is applied once it is back; one that was taken back is
// not tried again until somebody says so.
func (t *turn) loaded(e Loaded) {
	before, number := t.definitions(), t.Installed.Number
	t.Installed, t.Edited, t.LoadError = e.Installed, e.Edited, ""
	if t.Last == nil {
		t.Last = e.Last
	}
	if e.Installed.Local != nil && e.Installed.Number != number {
		t.track(before)
		t.do(Watch{Reason: "generation " + strconv.Itoa(e.Installed.Number) + " is installed"})
	}
	t.do(FindDrift{Reason: "generation " + strconv.Itoa(e.Installed.Number) + " is installed"})
	if t.Job != nil && t.Job.Phase == Loading {
		t.activate()
		return
	}
	t.await()
	if t.Job == nil && e.Untried && !t.Loaded {
		t.Edited = true
		t.catchUp()
	}
	t.Loaded = true
}

// loadFailed keeps the last known state: what runs goes on running.
func (t *turn) loadFailed(err string) {
	t.LoadError = err
	if t.Job != nil && t.Job.Phase == Loading {
		t.fail(err)
	}
}

// catchUp applies a cluster file that was written while lbsup was not there.
func (t *turn) catchUp() {
	by := "an edit made while lbsup was not running"
	if t.Installed.Number == 0 {
		by = "the first start"
	}
	if t.WatchInput {
		t.asked(Asked{At: At(t.now), Verb: "reload", By: by})
	}
}

func (t *turn) track(before map[string]checks.Definition) {
	trackers := map[string]checks.Tracker{}
	for name, def := range t.definitions() {
		if old, ok := t.Trackers[name]; ok && reflect.DeepEqual(before[name], def) {
			trackers[name] = old
		} else if def.Probe.Kind != checks.KindAny && def.Probe.Kind != checks.KindAll {
			trackers[name] = checks.NewTracker(def)
		}
	}
	t.Trackers, t.Composed = trackers, nil
}

func (s State) definitions() map[string]checks.Definition {
	defs := map[string]checks.Definition{}
	if s.Installed.Local != nil {
		for _, def := range s.Installed.Local.Checks {
			defs[def.Name] = def
		}
	}
	return defs
}

// activate makes each daemon run what is installed, if it does not already.
func (t *turn) activate() {
	t.phase(Activating)
	t.waiting(map[string]bool{})
	changes, reasons := t.atRunTime()
	switch {
	case t.Installed.HAProxy != "" && t.Worker.Digest != t.Installed.HAProxy && reasons == "":
		t.change(changes)
	case t.Installed.HAProxy != "" && t.Worker.Digest != t.Installed.HAProxy:
		t.start(HAProxyUnit, reasons)
	case t.Job.News.HAProxy:
		t.start(HAProxyUnit, "a file that HAProxy has loaded changed")
	}
	if t.Job.News.Keepalived || t.keepalivedRuns() != t.Installed.Keepalived.Generation {
		t.start(KeepalivedUnit, "keepalived.conf changed")
	}
	t.activating()
}

// start chooses the gentlest way to make a unit run what is installed, and leaves alone what a person has stopped.
func (t *turn) start(unit, reason string) {
	u := t.Units[unit]
	if u.ByHand {
		t.note("left %s stopped: it was stopped by hand", unit)
		return
	}
	if u.Running() {
		t.activateUnit(unit, Reload, reason)
	} else {
		t.activateUnit(unit, Start, unit+" is not running")
	}
}

// activateUnit asks for one activation and waits for its end.
func (t *turn) activateUnit(unit string, how How, reason string) {
	waiting := with(t.Job.Waiting, unit, true)
	t.waiting(waiting)
	t.note("%s of %s: %s", how, unit, reason)
	a := Activate{Unit: unit, How: how, Reason: reason}
	if unit == HAProxyUnit {
		a.Digest = t.Installed.HAProxy
	}
	t.do(a)
}

func (t *turn) waiting(units map[string]bool) {
	job := *t.Job
	job.Waiting = units
	t.Job = &job
}

// keepalivedRuns returns the generation of the configuration that keepalived is known to run, or 0. A process that was
// started after the installation has read what is installed.
func (s State) keepalivedRuns() int {
	unit := s.Units[KeepalivedUnit]
	switch {
	case !unit.Running():
		return 0
	case s.Keepalived.MainPID == unit.MainPID:
		return s.Keepalived.Generation
	case unit.Since.After(s.Installed.Keepalived.At):
		return s.Installed.Keepalived.Generation
	default:
		return 0
	}
}

// activated goes on when one daemon has answered.
func (t *turn) activated(e Activated) {
	if t.Job == nil || t.Job.Phase != Activating || !t.Job.Waiting[e.Unit] {
		return
	}
	if e.Err != "" && e.How == RunTime {
		t.start(e.Unit, "the runtime API did not bring it: "+e.Err)
		return
	}
	if e.NoMaster {
		t.activateUnit(e.Unit, Restart, "the running HAProxy has no master CLI for lbsup yet")
		return
	}
	rest := map[string]bool{}
	for unit := range t.Job.Waiting {
		if unit != e.Unit {
			rest[unit] = true
		}
	}
	t.waiting(rest)
	if e.Err != "" {
		t.fail(e.Err)
		return
	}
	if e.Unit == KeepalivedUnit {
		t.Keepalived = Running{Generation: t.Installed.Keepalived.Generation, MainPID: t.Units[KeepalivedUnit].MainPID}
	}
	t.activating()
}

// activating ends the phase when nobody is waited for. A job that had nothing to activate has nothing to prove.
func (t *turn) activating() {
	switch {
	case len(t.Job.Waiting) > 0:
	case len(t.Job.Effects) == 0:
		t.finish(status.Unchanged, "")
	default:
		t.phase(Verifying)
	}
}

// resume starts an activation that nobody asked for: lbsup or the host ended between installing and activating, or
// root ran `lbsup apply` by hand. It is tried once for each pair of processes.
func (t *turn) resume() {
	if t.Job != nil || t.Installed.Number == 0 || t.Ticked.IsZero() {
		return
	}
	stale := ""
	switch {
	case t.Worker.PID != 0 && t.Worker.Digest != t.Installed.HAProxy && t.Installed.HAProxy != "":
		stale = HAProxyUnit
	case t.Units[KeepalivedUnit].Running() && t.keepalivedRuns() != t.Installed.Keepalived.Generation:
		stale = KeepalivedUnit
	default:
		return
	}
	try := t.attempt()
	if try == t.Tried {
		return
	}
	t.Tried = try
	t.begin("activate", "lbsup", 0)
	job := *t.Job
	job.Generation, job.GoBack = t.Installed.Number, 0
	t.Job = &job
	t.note("%s does not run generation %d", stale, t.Installed.Number)
	t.activate()
}

func (s State) attempt() Attempt {
	return Attempt{Generation: s.Installed.Number, Worker: s.Worker.PID, Keepalived: s.Units[KeepalivedUnit].MainPID}
}
