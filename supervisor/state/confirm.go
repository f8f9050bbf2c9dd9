package state

import (
	"fmt"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Pending is a change that is live and goes back by itself unless somebody confirms it in time. It is kept on disk, so
// that neither lbsup nor the host forgets it by a restart.
type Pending struct {
	Generation int           `json:"generation"`
	GoBack     int           `json:"go_back"`
	Until      time.Time     `json:"until"`
	Change     status.Change `json:"change"`
}

// live ends a job that has proved itself, or waits for the confirmation that was asked for.
func (t *turn) live() {
	job := *t.Job
	job.Settled = t.waited().Seconds()
	t.Job = &job
	if t.Job.Confirm == 0 || t.Job.GoBack == 0 {
		t.finish(status.Live, "")
		return
	}
	if t.byHand() {
		t.finish(status.Live, "it waits for no confirmation: what is hand-written does not go back by itself")
		return
	}
	t.phase(Confirming)
	t.Pending = Pending{Generation: t.Installed.Number, GoBack: t.Job.GoBack, Until: t.now.Add(t.Job.Confirm), Change: t.Job.Change}
	t.do(Remember{Pending: t.Pending})
	t.kept()
	t.note("it goes back to generation %d at %s unless `lbsup confirm` comes first", t.Job.GoBack, t.Pending.Until.Local().Format("15:04:05"))
	change := t.Job.Change
	change.Outcome, change.Phase, change.Took = status.Unconfirmed, string(Confirming), t.now.Sub(change.Asked).Seconds()
	job = *t.Job
	job.ID = 0
	t.do(Answer{ID: t.Job.ID, Change: change})
	t.Job = &job
}

// confirmed answers `lbsup confirm`.
func (t *turn) confirmed(a Asked) {
	if t.Job == nil || t.Job.Phase != Confirming {
		t.refuseAtOnce(a, "cannot confirm: no change waits for it", "`lbsup status` shows the last change")
		return
	}
	t.forget()
	job := *t.Job
	job.ID = a.ID
	t.Job = &job
	t.finish(status.Live, "confirmed by "+a.By)
}

// expire takes back what nobody has confirmed.
func (t *turn) expire() {
	if t.Job != nil && t.Job.Phase == Confirming && !t.now.Before(t.Pending.Until) {
		t.fail(status.Problem{Message: "nobody confirmed it in time"})
		t.forget()
	}
}

// takeBack is the other answer to the question whether a change is to stay.
func (t *turn) takeBack(a Asked) {
	if a.To != 0 && a.To != t.Job.GoBack {
		t.refuseAtOnce(a, fmt.Sprintf("cannot roll back to generation %d: generation %d waits to be confirmed", a.To, t.Job.Generation),
			"lbsup confirm keeps it, lbsup rollback without a number takes it back")
		return
	}
	job := *t.Job
	job.ID, job.TakenBack = a.ID, true
	t.Job = &job
	t.fail(status.Problem{Message: "taken back by " + a.By})
	t.forget()
}

// forget ends the wait. Where the change is taken back that is kept first: a lbsup that is killed in between finds both, and not neither.
func (t *turn) forget() {
	t.Pending = Pending{}
	t.do(Remember{})
}

// await goes on waiting for a confirmation after a restart.
func (t *turn) await() {
	p := t.Pending
	if p.Generation == 0 || t.Job != nil {
		return
	}
	if p.Generation != t.Installed.Number || t.Unproven.Back {
		t.forget() // something else was installed since, or is to be: takeUp goes on with the way back
		return
	}
	t.kept()
	t.Job = &Job{Change: p.Change, Phase: Confirming, GoBack: p.GoBack, Before: t.healths(), Since: t.now}
	t.Job.Generation = p.Generation
	t.note("lbsup was restarted meanwhile; generation %s still waits to be confirmed", strconv.Itoa(p.Generation))
}
