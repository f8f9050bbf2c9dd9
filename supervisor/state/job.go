package state

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Job is the one change that is under way.
type Job struct {
	status.Change
	Phase     Phase
	ID        int                      // whom to answer; 0: nobody waits
	Before    map[string]checks.Health // the verdicts when it began
	GoBack    int                      // the generation that runs if this one does not prove itself; 0: none
	Back      bool                     // it is on its way back
	TakenBack bool                     // somebody asked for the way back
	News      Report                   // what lbsup apply reported last
	Waiting   map[string]bool          // units whose activation is under way
	Since     time.Time                // when the phase began
	Settling  Settling                 // the proof about who serves
	Confirm   time.Duration            // how long to wait for a confirmation once it is live; 0: none is wanted
}

// Phase is how far a job is.
type Phase string

// The phases of a job, in order. Rolling back is a second round through them.
const (
	Applying   Phase = "applying"
	Loading    Phase = "loading"
	Activating Phase = "activating"
	Verifying  Phase = "verifying"
	Confirming Phase = "confirming" // only where that was asked for
)

// limits of a phase. Applying has none here: `lbsup apply` keeps its own deadlines and its unit has one.
const verifyLimit = 10 * time.Second

// asked starts a change, or queues it behind the one under way.
func (t *turn) asked(a Asked) {
	if a.Verb == "confirm" {
		t.confirmed(a)
		return
	}
	if t.Job != nil && t.Job.Phase == Confirming && a.Verb == "rollback" {
		t.takeBack(a)
		return
	}
	if t.Job != nil {
		t.Queue = append(t.Queue[:len(t.Queue):len(t.Queue)], a)
		t.do(Progress{ID: a.ID, Text: "waiting for " + t.Job.Request + ", asked by " + t.Job.By})
		return
	}
	request := a.Verb
	if a.Verb == "rollback" {
		to := a.To
		if to == 0 {
			to = t.Installed.Previous
		}
		if to == 0 {
			t.refuseAtOnce(a, "cannot roll back: got no earlier generation, want one", "`lbsup history` lists the generations")
			return
		}
		request = "rollback-" + strconv.Itoa(to)
	}
	t.begin(request, a.By, a.ID)
	t.Job.Confirm = a.Confirm
	t.do(Apply{Request: request, Reason: "asked by " + a.By}, Progress{ID: a.ID, Text: "rendering and checking"})
}

func (t *turn) refuseAtOnce(a Asked, message, hint string) {
	c := status.Change{
		Request: a.Verb, By: a.By, Asked: t.now, Outcome: status.Refused,
		Problems: []status.Problem{{Message: message, Hint: hint}},
	}
	t.do(Answer{ID: a.ID, Change: c})
}

func (t *turn) begin(request, by string, id int) {
	t.Job = &Job{
		Change: status.Change{Request: request, By: by, Asked: t.now},
		Phase:  Applying, ID: id, GoBack: cmp.Or(t.Unproven.GoBack, t.Installed.Number), Before: t.healths(), Since: t.now,
	}
}

func (t *turn) healths() map[string]checks.Health {
	all := map[string]checks.Health{}
	for _, v := range t.Verdicts() {
		all[v.Check] = v.Health
	}
	return all
}

// phase moves the job on.
func (t *turn) phase(p Phase) {
	job := *t.Job
	job.Phase, job.Since = p, t.now
	t.Job = &job
}

// finish ends the job, tells everybody, and starts what waited.
func (t *turn) finish(outcome status.Outcome, effect string) {
	job := *t.Job
	job.Outcome = outcome
	job.Took = t.now.Sub(job.Asked).Seconds()
	if effect != "" {
		job.Effects = append(job.Effects[:len(job.Effects):len(job.Effects)], effect)
	}
	change := job.Change
	change.Phase = "done"
	t.Last, t.Job = &change, nil
	record := Record{Change: change, Keepalived: t.Keepalived}
	if job.Back {
		record.Restored = job.News.Generation
	}
	t.do(record)
	if job.ID != 0 {
		t.do(Answer{ID: job.ID, Change: change})
	}
	if outcome != status.Refused && outcome != status.Unchanged { // these have not come to a proof, and leave that of another
		t.kept()
	}
	t.next()
}

func (t *turn) next() {
	if len(t.Queue) > 0 {
		first := t.Queue[0]
		t.Queue = t.Queue[1:]
		t.asked(first)
		return
	}
	if path := t.Again; path != "" {
		t.Again = ""
		t.inputChanged(path)
	}
}

// note adds a line to what the job did, and tells whoever waits.
func (t *turn) note(format string, args ...any) {
	job := *t.Job
	text := fmt.Sprintf(format, args...)
	job.Effects = append(job.Effects[:len(job.Effects):len(job.Effects)], text)
	t.Job = &job
	if job.ID != 0 {
		t.do(Progress{ID: job.ID, Text: text})
	}
}
