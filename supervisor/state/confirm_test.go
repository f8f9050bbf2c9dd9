package state_test

import (
	"slices"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// unconfirmed brings a scenario to a change that is live and waits a minute for its confirmation.
func unconfirmed(t *testing.T) *scenario {
	t.Helper()
	c := running(t)
	c.send(state.Asked{At: c.at(), ID: 7, Verb: "reload", By: "alice", Confirm: time.Minute})
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.activated(state.HAProxyUnit, "")
	c.worker(102, "bbbb")
	c.log = nil
	c.probe(checks.Healthy, false, "answers")
	c.want("remember generation 4, back to 3", "answer 7: reload live, to be confirmed")
	return c
}

func TestConfirmedChangeStays(t *testing.T) {
	c := unconfirmed(t)
	c.send(state.Asked{At: c.at(), ID: 8, Verb: "confirm", By: "bob"})
	c.want("remember nothing", "record reload generation 4: live", "answer 8: reload live")
	c.wait(2 * time.Minute)
	c.probe(checks.Healthy, false, "answers")
	c.tick()
	c.want()
}

func TestUnconfirmedChangeGoesBack(t *testing.T) {
	for _, row := range []struct {
		name    string
		do      func(*scenario)
		why     string
		outcome status.Outcome
	}{
		{"nobody confirms", func(c *scenario) {
			c.wait(time.Minute)
			c.probe(checks.Healthy, false, "answers")
		}, "nobody confirmed it in time", status.RolledBack},
		{"somebody takes it back", func(c *scenario) {
			c.send(state.Asked{At: c.at(), ID: 8, Verb: "rollback", By: "bob"})
		}, "taken back by bob", status.TakenBack},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := unconfirmed(t)
			row.do(c)
			c.want("apply rollback-3: "+row.why, "remember nothing")
			c.applied(committed(5))
			c.loaded(pair(t, 5, "aaaa", 3, c.now))
			c.activated(state.HAProxyUnit, "")
			c.worker(103, "aaaa")
			c.probe(checks.Healthy, false, "answers")
			if c.s.Last.Outcome != row.outcome {
				t.Errorf("got %+v", c.s.Last)
			}
		})
	}
}

func TestRestartForgetsNoConfirmation(t *testing.T) {
	pending := unconfirmed(t).s.Pending
	for _, row := range []struct {
		name      string
		installed int
		later     time.Duration
		want      []string
	}{
		{"in time", 4, time.Second, []string{"watch: generation 4 is installed"}},
		{"too late", 4, time.Hour, []string{"watch: generation 4 is installed", "apply rollback-3: nobody confirmed it in time", "remember nothing"}},
		{"something else was installed", 5, time.Hour, []string{"watch: generation 5 is installed", "remember nothing"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.s.Pending = pending
			c.now = pending.Until.Add(row.later - time.Minute)
			c.loaded(pair(t, row.installed, "bbbb", 3, c.now))
			c.want(row.want...)
		})
	}
}

func TestNothingToConfirm(t *testing.T) {
	c := running(t)
	c.send(state.Asked{At: c.at(), ID: 8, Verb: "confirm", By: "bob"})
	c.want("answer 8: confirm refused")
}

func TestRollbackToAnotherGenerationIsNoAnswerToAConfirmation(t *testing.T) {
	c := unconfirmed(t)
	c.send(state.Asked{At: c.at(), ID: 8, Verb: "rollback", To: 2, By: "bob"})
	c.want("answer 8: rollback refused")
	c.send(state.Asked{At: c.at(), ID: 9, Verb: "rollback", To: 3, By: "bob"})
	c.want("apply rollback-3: taken back by bob", "remember nothing")
}

// Each record is on the disk before the next is written. Wherever between them lbsup is killed, the change goes back.
func TestKillOnTheWayBackLeavesTheWayBack(t *testing.T) {
	for _, row := range []struct {
		name      string
		event     func(c *scenario) state.Event
		takenBack bool
	}{
		{"nobody confirms", func(c *scenario) state.Event { return state.Tick{At: c.wait(time.Minute).at()} }, false},
		{"somebody takes it back", func(c *scenario) state.Event { return state.Asked{At: c.at(), ID: 8, Verb: "rollback", By: "bob"} }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := unconfirmed(t)
			pending, unproven := before.s.Pending, before.s.Unproven
			_, actions := state.Step(before.s, row.event(before))
			kept := 0
			for _, action := range actions {
				switch a := action.(type) {
				case state.Remember:
					pending = a.Pending
				case state.Promise:
					unproven = a.Unproven
				default:
					continue
				}
				kept++
				c := begin(t)
				c.s.Pending, c.s.Unproven, c.now = pending, unproven, before.now
				c.loaded(pair(t, 4, "bbbb", 3, dawn))
				c.unit(state.HAProxyUnit, "active", "success", 100)
				c.unit(state.KeepalivedUnit, "active", "success", 200)
				c.worker(102, "bbbb")
				c.tick()
				if !slices.Contains(c.log, "apply rollback-3: lbsup was restarted on the way back") || c.s.Job.TakenBack != row.takenBack || c.s.Pending.Generation != 0 {
					t.Errorf("killed after record %d: job %+v, pending %+v, actions %q", kept, c.s.Job, c.s.Pending, c.log)
				}
			}
			if kept != 2 {
				t.Errorf("%d records were written, want 2", kept)
			}
		})
	}
}

func TestRestartForgetsNoEditMadeWhileAChangeWaited(t *testing.T) {
	pending := unconfirmed(t).s.Pending
	for _, row := range []struct {
		name  string
		watch bool
		want  []string
	}{
		{"edits are watched", true, []string{"remember nothing", "record reload generation 4: live", "answer 8: reload live",
			"apply reload: asked by an edit of /etc/lbsup/lbsup.yaml"}},
		{"they are not", false, []string{"remember nothing", "record reload generation 4: live", "answer 8: reload live"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.s.WatchInput, c.s.Pending = row.watch, pending
			c.send(state.Loaded{At: c.at(), Installed: pair(t, 4, "bbbb", 3, c.now), Edited: true, Untried: true})
			c.want("watch: generation 4 is installed")
			c.send(state.Asked{At: c.at(), ID: 8, Verb: "confirm", By: "bob"})
			c.want(row.want...)
		})
	}
}
