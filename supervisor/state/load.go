package state

import (
	"reflect"
	"strconv"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/status"
)

// load asks for what is installed. Reading takes a while with ten thousand servers, and much can happen meanwhile; of several
// answers the one to the newest question counts.
func (t *turn) load(reason string) {
	t.LoadAsked++
	t.do(Load{Number: t.LoadAsked, Reason: reason})
}

// loadAtOnce lets nothing happen before the answer: what is seen first is judged by what is installed.
func (t *turn) loadAtOnce(reason string) {
	t.LoadAsked++
	t.do(Load{Number: t.LoadAsked, AtOnce: true, Reason: reason})
}

func (t *turn) loading() bool { return t.LoadDone < t.LoadAsked }

// loaded takes over what is installed: its checks, its instances, its plan. Trackers of checks that did not change
// keep what they know. An edit that was made while lbsup was away is applied once it is back; one that was taken back is
// not tried again until somebody says so.
func (t *turn) loaded(e Loaded) {
	if e.Number < t.LoadAsked {
		return // a newer answer comes
	}
	t.LoadDone, t.Compared = e.Number, e.Compared
	before, number := t.definitions(), t.Installed.Number
	t.Installed, t.Edited, t.LoadError = e.Installed, e.Edited, ""
	if t.Last == nil {
		t.Last = e.Last
	}
	if e.Installed.Local != nil && e.Installed.Number != number {
		t.track(before)
		t.do(Watch{Reason: "generation " + strconv.Itoa(e.Installed.Number) + " is installed"})
	}
	t.do(FindDrift{Reason: "generation " + strconv.Itoa(e.Installed.Number) + " is installed"})
	if t.Job != nil && t.Job.Phase == Loading {
		t.arrived()
		return
	}
	t.await()
	if e.Untried && !t.Loaded {
		t.Edited = true
		t.catchUp()
	}
	t.Loaded = true
}

// loadFailed keeps the last known state: what runs goes on running.
func (t *turn) loadFailed(e LoadFailed) {
	if e.Number < t.LoadAsked {
		return
	}
	t.LoadDone, t.LoadError = e.Number, e.Err
	if t.Job != nil && t.Job.Phase == Loading {
		t.fail(status.Problem{Message: e.Err})
	}
}

// catchUp applies a cluster file that was written while lbsup was not there, or while a change waited for its confirmation: then once that is over.
func (t *turn) catchUp() {
	by := "an edit made while lbsup was not running"
	if t.Installed.Number == 0 {
		by = "the first start"
	}
	switch {
	case !t.watching():
	case t.Job != nil:
		t.Again = render.ClusterFile
	default:
		t.asked(Asked{At: At(t.now), Verb: "reload", By: by})
	}
}

func (t *turn) track(before map[string]checks.Definition) {
	trackers := map[string]checks.Tracker{}
	for name, def := range t.definitions() {
		if old, ok := t.Trackers[name]; ok && reflect.DeepEqual(before[name], def) {
			trackers[name] = old
		} else if def.Probe.Kind != checks.KindAny && def.Probe.Kind != checks.KindAll {
			trackers[name] = checks.NewTracker(def)
		}
	}
	t.Trackers, t.Composed = trackers, nil
}

func (s State) definitions() map[string]checks.Definition {
	defs := map[string]checks.Definition{}
	if s.Installed.Local != nil {
		for _, def := range s.Installed.Local.Checks {
			defs[def.Name] = def
		}
	}
	return defs
}
