package state

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Unproven is a change that is being activated or has yet to prove itself. It is kept on disk, so that a lbsup that is
// restarted meanwhile goes on with the proof, and with the way back. The zero Unproven is none.
type Unproven struct {
	Installed  int     `json:"installed"`           // the generation that is to be proved
	Activated  bool    `json:"activated,omitempty"` // the daemons have done what they were asked for
	Again      bool    `json:"again,omitempty"`     // HAProxy runs this text and has to load it once more
	Keepalived Running `json:"keepalived"`          // what keepalived is known to run

	Served  []string         `json:"served,omitempty"`  // services that had a healthy server before
	Changed []haproxy.Target `json:"changed,omitempty"` // servers of which HAProxy knows nothing yet

	// Of the Job.
	Change    status.Change            `json:"change"`
	GoBack    int                      `json:"go_back"`
	Back      bool                     `json:"back,omitempty"`
	TakenBack bool                     `json:"taken_back,omitempty"`
	Confirm   time.Duration            `json:"confirm,omitempty"`
	Before    map[string]checks.Health `json:"before,omitempty"`
}

// promise keeps what is needed to go on with the job after a restart.
func (t *turn) promise(activated bool) {
	j := t.Job
	u := Unproven{
		Installed: t.Installed.Number, Activated: activated, Again: j.News.HAProxy && t.Worker.Digest == t.Installed.HAProxy, Keepalived: t.Keepalived,
		Served: served(j.Settling.Before), Changed: slices.SortedFunc(maps.Keys(j.Settling.Changed), byName),
		Change: j.Change, GoBack: j.GoBack, Back: j.Back, TakenBack: j.TakenBack, Confirm: j.Confirm, Before: j.Before,
	}
	t.Unproven = u
	t.do(Promise{Unproven: u})
}

func byName(a, b haproxy.Target) int { return strings.Compare(a.String(), b.String()) }

// kept forgets it: the job has ended, or waits for its confirmation.
func (t *turn) kept() {
	if t.Unproven.Installed != 0 {
		t.Unproven = Unproven{}
		t.do(Promise{})
	}
}

// served names the services that had a healthy server.
func served(before Serving) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if slices.ContainsFunc(before[name], func(s Server) bool { return s.Up }) {
			names = append(names, name)
		}
	}
	return names
}

// settling is the proof that was asked for before the restart. Without a service in it nothing was.
func (u Unproven) settling() Settling {
	var s Settling
	for _, name := range u.Served {
		if s.Before == nil {
			s.Before = Serving{}
		}
		s.Before[name] = []Server{{Up: true}}
	}
	for _, target := range u.Changed {
		if s.Changed == nil {
			s.Changed = map[haproxy.Target]bool{}
		}
		s.Changed[target] = true
	}
	return s
}

// wordLimit is how long a lbsup that has just started waits for HAProxy's word. One from before lbsup never says any.
const wordLimit = 10 * time.Second

// takeUp goes on with a job that a restart of lbsup has cut off. What was activated is proved anew; what was not, or not to its
// end, is activated again, once HAProxy has told what it runs. A way back that has not been installed yet is begun anew.
func (t *turn) takeUp() {
	u := t.Unproven
	moved := u.Installed != t.Installed.Number // by the way back, or by somebody else
	switch {
	case moved && !u.Back:
		t.kept()
		return
	case !u.Activated && t.Units[HAProxyUnit].Running() && t.Worker.PID == 0 && t.now.Sub(t.State.Started) < wordLimit:
		return
	}
	t.Keepalived = u.Keepalived
	t.Job = &Job{
		Change: u.Change, GoBack: u.GoBack, Back: u.Back, TakenBack: u.TakenBack, Confirm: u.Confirm, Before: u.Before,
		News: Report{Outcome: Committed, Generation: t.Installed.Number, HAProxy: u.Again}, Settling: u.settling(),
	}
	t.note("lbsup was restarted meanwhile; generation %d has yet to prove itself", t.Installed.Number)
	switch {
	case u.Back && u.Change.Generation == t.Installed.Number:
		t.goBack("lbsup was restarted on the way back")
	case u.Activated && !moved:
		t.toProve()
	default:
		t.activate()
	}
}
