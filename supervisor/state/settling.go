package state

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// betweenLooks is the time from one look at the servers to the next.
const betweenLooks = 200 * time.Millisecond

// look begins the proof. There is none on the way back: what served before may have died since for its own reasons.
func (t *turn) look() {
	if t.Job.Settling.Before != nil && !t.Job.Back {
		t.do(LookAtServers{Generation: t.Installed.Number, Reason: "a change is to prove itself"})
	}
}

// servingSeen takes over what HAProxy says now, and looks again while that is not enough.
func (t *turn) servingSeen(e ServingSeen) {
	if t.Job == nil || t.Job.Phase != Verifying || t.Job.Back || e.Generation != t.Installed.Number {
		return
	}
	job := *t.Job
	if job.Settling.Err = e.Err; e.Err == "" {
		if job.Settling.After == nil && job.ID != 0 && job.Settling.missing(true) != "" {
			t.do(Progress{ID: job.ID, Text: fmt.Sprintf("waiting up to %v for a healthy server of each service", t.settleTime())})
		}
		job.Settling.After, job.Settling.Closed = e.Serving, e.Closed
	}
	t.Job = &job
	t.verify()
	if t.Job != nil && t.Job.Phase == Verifying && !t.Job.Back {
		t.do(LookAtServers{Generation: t.Installed.Number, Pause: betweenLooks, Reason: "the change has not proved itself yet"})
	}
}

// settled returns whether the proof is there, or why it will not come any more.
func (t *turn) settled() (done bool, why status.Problem) {
	s, since := t.Job.Settling, t.now.Sub(t.Job.Since)
	switch {
	case s.Before == nil || t.Job.Back:
		return true, why
	case s.After == nil && since > t.settleTime()+verifyLimit:
		return false, status.Problem{Message: "HAProxy has not told of its servers since the change: " + s.Err}
	case s.After == nil:
		return false, why
	case since >= t.settleTime():
		text := s.missing(false)
		return text == "", status.Problem{Message: text, Hint: "`lbsup status` shows each server with HAProxy's words; haproxy.settle is how long lbsup waits for one"}
	default:
		return s.missing(true) == "", why
	}
}

// waitForServers notes that nothing else is missing.
func (t *turn) waitForServers() {
	if t.Job.Settling.Since.IsZero() {
		job := *t.Job
		job.Settling.Since = t.now
		t.Job = &job
	}
}

// waited is how long that has been so.
func (t *turn) waited() time.Duration {
	if since := t.Job.Settling.Since; !since.IsZero() {
		return t.now.Sub(since)
	}
	return 0
}

// settleTime is how long a service may be without a healthy server.
func (t *turn) settleTime() time.Duration {
	if t.Installed.Local == nil {
		return 0
	}
	return t.Installed.Local.HAProxy.Settle
}
