package state

import (
	"fmt"

	"github.com/lbsup/lbsup/supervisor/status"
)

// What a person has written is that person's: no failed proof takes it back, and no confirmation that did not come. Going back
// from services that were handed over would even write over it.

// byHand tells whether what the job brings is HAProxy configuration that a person has written. Without a report of
// lbsup apply it may be.
func (t *turn) byHand() bool {
	local, news := t.Installed.Local, t.Job.News
	return local != nil && len(local.HAProxy.Files) > 0 && (news.HAProxy || news.Unreported || t.unloaded())
}

// unloaded tells that HAProxy has yet to load what is installed. For hand-written files no worker says so: the next reload that is
// asked for tries again, though no file has changed.
func (t *turn) unloaded() bool { return t.Unloaded != 0 && t.Unloaded == t.Installed.Number }

// stay ends a job that has failed and that only a person may take back.
func (t *turn) stay() {
	job := *t.Job
	if job.Phase == Activating {
		t.Unloaded = t.Installed.Number
	}
	last := len(job.Problems) - 1
	if job.Problems[last].Hint == "" {
		job.Problems = append(job.Problems[:last:last], status.Problem{
			Message: job.Problems[last].Message,
			Hint:    fmt.Sprintf("mend the file and `lbsup reload`, or go back yourself: lbsup rollback %d", job.GoBack),
		})
	}
	t.Job = &job
	t.finish(status.Broken, fmt.Sprintf("generation %d stays: it is hand-written, and only you take that back", t.Installed.Number))
}
