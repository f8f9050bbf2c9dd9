package state_test

import (
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
			c.want("remember nothing", "apply rollback-3: "+row.why)
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
		{"too late", 4, time.Hour, []string{"watch: generation 4 is installed", "remember nothing", "apply rollback-3: nobody confirmed it in time"}},
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
	c.want("remember nothing", "apply rollback-3: taken back by bob")
}
