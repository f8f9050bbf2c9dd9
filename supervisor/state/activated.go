package state

import "github.com/lbsup/lbsup/supervisor/status"

// activated goes on when one daemon has answered.
func (t *turn) activated(e Activated) {
	late := e.Generation != t.Installed.Number // of the generation that is being taken back
	if t.Job == nil || t.Job.Phase != Activating || !t.Job.Waiting[e.Unit] || late {
		return
	}
	t.waiting(without(t.Job.Waiting, e.Unit))
	t.served(e)
	if e.Unsure {
		t.Worker = e.Worker
	}
	switch {
	case e.Err != "" && e.How == RunTime:
		t.halfway = true
		t.start(e.Unit, "the runtime API did not bring it: "+e.Err)
	case e.NoMaster:
		t.activateUnit(e.Unit, Restart, "the running HAProxy has no master CLI for lbsup yet")
	case e.Err != "":
		t.fail(status.Problem{Message: t.ended(e), Hint: e.Hint})
		return
	case e.Unit == HAProxyUnit:
		t.Unloaded = 0
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
		t.promise(true)
		t.toProve()
	}
}

func (t *turn) toProve() {
	t.phase(Verifying)
	t.do(LookAgain{Reason: "a change is to prove itself"})
	t.look()
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
