package state

import (
	"cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

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
	}
	for _, certificate := range t.Job.News.Renewed {
		t.note("gave the running HAProxy %s", certificate)
	}
	if t.Job.News.Keepalived || t.keepalivedRuns() != t.Installed.Keepalived.Generation {
		t.start(KeepalivedUnit, "keepalived.conf changed")
	}
	t.activating()
}

// unreached tells that what is taken back has never come to HAProxy: its worker runs what is installed again, and there is no
// file of another kind to load. A wedged master would else be asked once more.
func (t *turn) unreached() bool { return t.Job.Back && t.Job.News.Reason == "" }

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
	a := Activate{Unit: unit, How: how, Reason: reason, Generation: t.Installed.Number}
	if unit == HAProxyUnit {
		a.Digest, a.Is = t.Installed.HAProxy, t.Installed.Local
		a.Prove = how == Reload && !t.Job.Back
		if t.Known.Digest == t.Worker.Digest {
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

// activated goes on when one daemon has answered.
func (t *turn) activated(e Activated) {
	late := e.Generation != t.Installed.Number // of the generation that is being taken back
	if t.Job == nil || t.Job.Phase != Activating || !t.Job.Waiting[e.Unit] || late {
		return
	}
	t.waiting(without(t.Job.Waiting, e.Unit))
	t.served(e)
	switch {
	case e.Err != "" && e.How == RunTime:
		t.start(e.Unit, "the runtime API did not bring it: "+e.Err)
	case e.NoMaster:
		t.activateUnit(e.Unit, Restart, "the running HAProxy has no master CLI for lbsup yet")
	case e.Err != "":
		t.fail(status.Problem{Message: t.ended(e), Hint: e.Hint})
		return
	case e.Unit == KeepalivedUnit:
		t.Keepalived = Running{Generation: t.Installed.Keepalived.Generation, MainPID: t.Units[KeepalivedUnit].MainPID}
	}
	t.activating()
}

// activating ends the phase when nobody is waited for. A job that had nothing to activate has nothing to prove.
func (t *turn) activating() {
	switch {
	case len(t.Job.Waiting) > 0:
	case len(t.Job.Effects) == 0 && t.Job.News.Outcome == Committed:
		t.finish(status.Live, "supervised by the new file; no daemon had to be told")
	case len(t.Job.Effects) == 0:
		t.finish(status.Unchanged, "")
	default:
		t.phase(Verifying)
		t.do(LookAgain{Reason: "a change is to prove itself"})
		t.look()
	}
}

// served keeps what an activation has found out. After a failure at run time a reload follows: its worker knows nothing of
// what was changed before.
func (t *turn) served(e Activated) {
	for _, note := range e.Notes {
		t.note("%s", note)
	}
	job := *t.Job
	if job.Settling.Before == nil {
		job.Settling.Before = e.Before
	}
	if e.Err != "" {
		job.Settling.Changed = nil
	}
	t.Job = &job
}

// ended adds to the words of a failed activation that the daemon is not there any more: a master of HAProxy that ends
// during a reload says nothing.
func (t *turn) ended(e Activated) string {
	if unit, known := t.Units[e.Unit]; known && !unit.Running() {
		return e.Err + "; " + e.Unit + " is " + unit.words()
	}
	return e.Err
}
