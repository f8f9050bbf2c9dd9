package state

import (
	"fmt"
	"strconv"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// verify looks whether what was activated proves itself. Every proof must hold; the phase ends as soon as they all do,
// and fails when one is still missing at the limit.
func (t *turn) verify() {
	if t.Job == nil || t.Job.Phase != Verifying {
		return
	}
	missing := t.missing()
	settled, never := t.settled()
	switch {
	case missing == "" && never.Message != "":
		t.fail(never)
	case missing == "" && !settled:
		t.waitForServers()
	case missing == "" && t.Job.Back && t.Job.TakenBack:
		t.finish(status.TakenBack, "generation "+strconv.Itoa(t.Job.GoBack)+" runs again")
	case missing == "" && t.Job.Back:
		t.finish(status.RolledBack, "generation "+strconv.Itoa(t.Job.GoBack)+" runs again")
	case missing == "":
		t.live()
	case t.now.Sub(t.Job.Since) > verifyLimit:
		t.fail(status.Problem{Message: missing})
	}
}

// missing names the first proof that does not hold yet.
func (t *turn) missing() string {
	if t.Installed.HAProxy != "" && !t.Units[HAProxyUnit].ByHand {
		if t.Worker.Digest != t.Installed.HAProxy {
			return fmt.Sprintf("no HAProxy worker runs generation %d", t.Installed.Number)
		}
	}
	if !t.Units[KeepalivedUnit].ByHand && t.Installed.Keepalived.Generation != 0 && !t.Units[KeepalivedUnit].Running() {
		return KeepalivedUnit + " is " + t.Units[KeepalivedUnit].words()
	}
	return t.worse()
}

// worse names the first check that was healthy when the job began and has not had a healthy answer since the activation.
func (t *turn) worse() string {
	for _, v := range t.Verdicts() {
		if v.Check == checks.Supervisor || t.Job.Before[v.Check] != checks.Healthy {
			continue
		}
		if v.At.Before(t.Job.Since) {
			return fmt.Sprintf("check %q has not been answered since the change", v.Check)
		}
		if v.Health != checks.Healthy {
			return fmt.Sprintf("check %q got worse: %s", v.Check, v.Reason)
		}
		// A verdict stays healthy until a check has failed often enough: that is patience, not proof.
		if _, asked := t.Trackers[v.Check]; asked && t.Good[v.Check].Before(t.Job.Since) {
			return fmt.Sprintf("check %q has had no healthy answer since the change: %s", v.Check, v.Reason)
		}
	}
	return ""
}

// fail puts the generation before back, once.
func (t *turn) fail(problem status.Problem) {
	why := problem.Message
	job := *t.Job
	t.Tried = t.attempt()
	if job.Back {
		t.finish(status.Broken, "the generation before it did not prove itself either: "+why)
		return
	}
	job.Problems = append(job.Problems[:len(job.Problems):len(job.Problems)], problem)
	t.Job = &job
	if job.GoBack == 0 {
		t.finish(status.Broken, "there is no earlier generation to go back to")
		return
	}
	if t.byHand() && !job.TakenBack {
		t.stay()
		return
	}
	job.Back, job.Waiting = true, nil
	t.Job = &job
	t.note("going back to generation %d: %s", job.GoBack, why)
	t.promise(false)
	t.goBack(why)
}

func (t *turn) goBack(why string) {
	t.phase(Applying)
	t.do(Apply{Request: "rollback-" + strconv.Itoa(t.Job.GoBack), Reason: why})
}
