package state

import "cmp"

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
	case t.Job.News.HAProxy && !t.unreached():
		t.start(HAProxyUnit, cmp.Or(t.Job.News.Reason, "a file that HAProxy has loaded changed"))
	case t.unloaded():
		t.start(HAProxyUnit, "it has yet to load what is installed")
	}
	for _, certificate := range t.Job.News.Renewed {
		t.note("gave the running HAProxy %s", certificate)
	}
	if t.Job.News.Keepalived || t.keepalivedRuns() != t.Installed.Keepalived.Generation {
		t.start(KeepalivedUnit, "keepalived.conf changed")
	}
	if len(t.Job.Waiting) > 0 {
		t.promise(false)
	}
	t.activating()
}

// unreached tells that what is taken back has never come to HAProxy: its worker is known to run what is installed again, and there is no
// file of another kind to load. A wedged master would else be asked once more.
func (t *turn) unreached() bool { return t.Job.Back && t.Job.News.Reason == "" }

// start chooses the gentlest way to make a unit run what is installed, and leaves alone what a person has stopped.
func (t *turn) start(unit, reason string) {
	u := t.Units[unit]
	if u.ByHand {
		t.note("left %s stopped: it was stopped by hand", unit)
		return
	}
	switch {
	case unit == KeepalivedUnit && t.KeepalivedIsOlder():
		t.activateUnit(unit, Restart, OlderKeepalived)
	case u.Running():
		t.activateUnit(unit, Reload, reason)
	case u.Active == "activating": // with what was installed before; to ask for a start would be to wait for the end of that one
		t.activateUnit(unit, Restart, unit+" was being started with another configuration")
	default:
		t.activateUnit(unit, Start, unit+" is not running")
	}
}

// activateUnit asks for one activation and waits for its end.
func (t *turn) activateUnit(unit string, how How, reason string) {
	waiting := with(t.Job.Waiting, unit, true)
	t.waiting(waiting)
	t.note("%s of %s: %s", how, unit, reason)
	a := Activate{Unit: unit, How: how, Reason: reason, Generation: t.Installed.Number}
	if unit == HAProxyUnit {
		a.Digest, a.Is = t.Installed.HAProxy, t.Installed.Local
		a.Prove = how == Reload && !t.Job.Back
		if t.Known.Digest == t.Worker.Digest || t.halfway {
			a.Was = t.Known.Local
		}
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
