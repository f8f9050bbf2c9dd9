package state

import (
	"strconv"

	"github.com/lbsup/lbsup/supervisor/status"
)

// applied goes on with what `lbsup apply` reported.
func (t *turn) applied(r Report) {
	if t.Job == nil {
		return
	}
	job := *t.Job
	job.News = r
	if !job.Back {
		job.Generation = r.Generation
	}
	job.Problems = append(job.Problems[:len(job.Problems):len(job.Problems)], r.Problems...)
	job.Output, job.Notes = r.Output, r.Notes
	t.Job = &job
	switch {
	case r.Unreported:
		t.phase(Loading)
		t.load("lbsup apply left no report")
	case r.Outcome == Rejected:
		t.rejected()
	default:
		t.phase(Loading)
		t.load("generation " + strconv.Itoa(r.Generation) + " was installed")
	}
}

// rejected ends a job for which nothing was installed.
func (t *turn) rejected() {
	if t.Job.Back {
		t.Tried = t.attempt()
		t.finish(status.Broken, "the generation before it could not be put back")
		return
	}
	t.finish(status.Refused, "")
}

// arrived goes on with a job once it is known what is installed. An `lbsup apply` that was cut off has left no report; which generation is the
// current one then says whether it came to its end.
func (t *turn) arrived() {
	job := *t.Job
	was := job.GoBack
	if job.Back {
		was = job.Generation
	}
	switch {
	case !job.News.Unreported:
	case t.Installed.Number == was:
		t.rejected()
		return
	default:
		job.News.Outcome, job.News.Generation = Committed, t.Installed.Number
		job.Problems = job.Problems[:len(job.Problems)-len(job.News.Problems)]
		if !job.Back {
			job.Generation = t.Installed.Number
		}
		t.Job = &job
		t.note("lbsup apply has installed generation %d and left no report", t.Installed.Number)
	}
	t.activate()
}
