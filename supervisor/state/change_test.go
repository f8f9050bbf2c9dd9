package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func ask(c *scenario, verb string, to int) {
	c.send(state.Asked{At: c.at(), ID: 7, Verb: verb, To: to, By: "alice"})
}

func committed(n int) state.Report { return state.Report{Outcome: state.Committed, Generation: n} }

func TestGoodChangeGoesLive(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.want("apply reload: asked by alice")
	c.applied(committed(4))
	c.want("load: generation 4 was installed")
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.want("watch: generation 4 is installed", "reload haproxy.service bbbb: a file that HAProxy loads, a password, or HAProxy itself changed")
	c.activated(state.HAProxyUnit, "")
	c.want() // not proved yet
	c.worker(102, "bbbb")
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
}

func TestKeepalivedIsReloadedOnlyWhenItsFileCameWithTheChange(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.want("apply reload: asked by alice", "load: generation 4 was installed")
	c.loaded(pair(t, 4, "aaaa", 4, c.now))
	c.want("watch: generation 4 is installed", "reload keepalived.service : keepalived.conf changed")
	c.activated(state.KeepalivedUnit, "")
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
}

func TestNothingToDo(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(state.Report{Outcome: state.Same, Generation: 3})
	c.loaded(pair(t, 3, "aaaa", 3, c.s.Installed.At))
	c.want("apply reload: asked by alice", "load: generation 3 was installed", "record reload generation 3: unchanged", "answer 7: reload unchanged")
}

func TestRenewedCertificateReloadsTheSameText(t *testing.T) {
	c := running(t)
	c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/certs/app.pem"})
	r := committed(4)
	r.HAProxy = true
	c.applied(r)
	c.loaded(pair(t, 4, "aaaa", 3, c.s.Installed.At))
	c.want("apply reload: asked by an edit of /etc/lbsup/certs/app.pem", "load: generation 4 was installed",
		"watch: generation 4 is installed", "reload haproxy.service aaaa: a file that HAProxy has loaded changed")
}

func TestRefusedChangeTouchesNothing(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(state.Report{Outcome: state.Rejected, Generation: 4, Problems: []status.Problem{{Message: "cannot parse"}}, Output: "haproxy's words", Notes: []string{"a key readable by all"}})
	c.want("apply reload: asked by alice", "record reload generation 4: refused", "answer 7: reload refused")
	if c.s.Last.Output != "haproxy's words" || len(c.s.Last.Problems) != 1 || len(c.s.Last.Notes) != 1 {
		t.Errorf("the refusal was not kept: %+v", c.s.Last)
	}
	if c.s.Installed.Number != 3 {
		t.Errorf("installed is %d, want 3", c.s.Installed.Number)
	}
}

// An lbsup apply that was cut off has installed its generation, or nothing.
func TestOnlyWhatIsInstalledTellsOfAnApplyWithoutReport(t *testing.T) {
	silent := state.Report{Outcome: state.Rejected, Unreported: true, Problems: []status.Problem{{Message: "it left no report"}}}
	for _, row := range []struct {
		name      string
		installed int
		digest    string
		want      []string
	}{
		{"nothing", 3, "aaaa", []string{"record reload generation 0: refused", "answer 7: reload refused"}},
		{"its generation", 4, "bbbb", []string{"watch: generation 4 is installed",
			"reload haproxy.service bbbb: a file that HAProxy loads, a password, or HAProxy itself changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			ask(c, "reload", 0)
			c.applied(silent)
			c.want("apply reload: asked by alice", "load: lbsup apply left no report")
			c.loaded(pair(t, row.installed, row.digest, 3, c.s.Installed.At))
			c.want(row.want...)
			if row.installed == 4 && (c.s.Job.Generation != 4 || len(c.s.Job.Problems) > 0) {
				t.Errorf("the job is %+v", c.s.Job.Change)
			}
		})
	}
}

// A way back that was cut off before it installed anything is none.
func TestWayBackWithoutReport(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	c.applied(state.Report{Outcome: state.Rejected, Unreported: true})
	c.log = nil
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.want("record reload generation 4: broken", "answer 7: reload broken")
}

func TestChangeThatDoesNotProveItselfIsTakenBack(t *testing.T) {
	for _, row := range []struct {
		name string
		fail func(*scenario)
		why  string
	}{
		{"the reload fails", func(c *scenario) { c.activated(state.HAProxyUnit, "cannot reload HAProxy") }, "cannot reload HAProxy"},
		{"no worker runs it", func(c *scenario) {
			c.activated(state.HAProxyUnit, "")
			for range 11 {
				c.probe(checks.Healthy, false, "answers")
				c.tick()
			}
		}, "no HAProxy worker runs generation 4"},
		{"a check got worse", func(c *scenario) {
			c.activated(state.HAProxyUnit, "")
			c.worker(102, "bbbb")
			for range 11 {
				c.probe(checks.Doubtful, true, "slow")
				c.tick()
			}
		}, `check "haproxy" got worse: slow`},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			ask(c, "reload", 0)
			c.applied(committed(4))
			c.loaded(pair(t, 4, "bbbb", 3, c.now))
			c.log = nil
			row.fail(c)
			c.log = onlyChanges(c.log)
			c.want("apply rollback-3: " + row.why)

			c.applied(committed(5))
			c.loaded(pair(t, 5, "aaaa", 3, c.now))
			c.worker(103, "aaaa")
			c.log = nil
			c.activated(state.HAProxyUnit, "")
			c.probe(checks.Healthy, false, "answers")
			c.probe(checks.Healthy, false, "answers")
			c.log = onlyChanges(c.log)
			c.want("record reload generation 4: rolled back", "answer 7: reload rolled back")
			if diff := cmp.Diff([]status.Problem{{Message: row.why}}, c.s.Last.Problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// onlyChanges leaves out what the checks do to the track file meanwhile.
func onlyChanges(lines []string) []string {
	var out []string
	for _, line := range lines {
		if len(line) < 5 || line[:5] != "track" {
			out = append(out, line)
		}
	}
	return out
}

func TestFailedRollbackIsToldAsBroken(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	c.log = nil
	c.applied(state.Report{Outcome: state.Rejected, Problems: []status.Problem{{Message: "disk full"}}})
	c.want("record reload generation 4: broken", "answer 7: reload broken")
}

func TestFirstTakeoverRestartsHAProxyWithoutAMaster(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.log = nil
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, Err: "refused", NoMaster: true, Generation: 4})
	c.want("restart haproxy.service bbbb: the running HAProxy has no master CLI for lbsup yet")
}

func TestUnitStoppedByHandStaysStopped(t *testing.T) {
	c := running(t)
	c.unit(state.HAProxyUnit, "deactivating", "success", 0)
	c.unit(state.HAProxyUnit, "inactive", "success", 0)
	c.log = nil
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.want("apply reload: asked by alice", "load: generation 4 was installed", "watch: generation 4 is installed",
		"record reload generation 4: live", "answer 7: reload live")
	if diff := cmp.Diff([]string{"left haproxy.service stopped: it was stopped by hand"}, c.s.Last.Effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	c.unit(state.HAProxyUnit, "active", "success", 300)
	if c.s.Units[state.HAProxyUnit].ByHand {
		t.Error("a unit that runs again counts as stopped by hand")
	}
}

func TestCrashedUnitIsStarted(t *testing.T) {
	c := running(t)
	c.unit(state.HAProxyUnit, "failed", "signal", 0)
	c.log = nil
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.want("apply reload: asked by alice", "load: generation 4 was installed", "watch: generation 4 is installed",
		"start haproxy.service bbbb: haproxy.service is not running")
}

// The configuration with which it ends again and again is on its way into it: only another start brings the new one.
func TestUnitThatIsBeingStartedIsRestarted(t *testing.T) {
	c := running(t)
	c.unit(state.HAProxyUnit, "failed", "exit-code", 0)
	c.unit(state.HAProxyUnit, "activating", "exit-code", 0)
	c.log = nil
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.want("apply reload: asked by alice", "load: generation 4 was installed", "watch: generation 4 is installed",
		"restart haproxy.service bbbb: haproxy.service was being started with another configuration")
}

func TestOneChangeAtATime(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.send(state.Asked{At: c.at(), ID: 8, Verb: "rollback", By: "bob"})
	c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"})
	c.want("apply reload: asked by alice")
	c.applied(state.Report{Outcome: state.Rejected})
	c.want("record reload generation 0: refused", "answer 7: reload refused", "apply rollback-2: asked by bob")
	c.applied(state.Report{Outcome: state.Rejected})
	c.want("record rollback-2 generation 0: refused", "answer 8: rollback-2 refused", "apply reload: asked by an edit of /etc/lbsup/lbsup.yaml")
}

func TestEverybodyInTheQueueIsAnswered(t *testing.T) {
	c := running(t)
	for id := 1; id <= 3; id++ {
		c.send(state.Asked{At: c.at(), ID: id, Verb: "reload", By: "alice"})
	}
	for range 3 {
		c.applied(state.Report{Outcome: state.Rejected})
	}
	asked, refused := "apply reload: asked by alice", "record reload generation 0: refused"
	c.want(asked, refused, "answer 1: reload refused", asked, refused, "answer 2: reload refused", asked, refused, "answer 3: reload refused")
}

func TestRollbackWithoutAPast(t *testing.T) {
	c := begin(t)
	ask(c, "rollback", 0)
	c.want("answer 7: rollback refused")
}

func TestEditIsAppliedOnlyWhenWatching(t *testing.T) {
	c := running(t)
	c.s.WatchInput = false
	c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"})
	c.want("load: the cluster file was saved")
	if !c.s.Edited {
		t.Error("the edit was not noticed")
	}
}

func TestEditIsNotAppliedWhenTheInstalledFileSaysSo(t *testing.T) {
	c := running(t)
	c.s.Installed.Local.Watch = false
	c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"})
	c.want("load: the cluster file was saved")
	if !c.s.Edited {
		t.Error("the edit was not noticed")
	}
}

// lbsup reload may be quicker than the word of the edit that it makes live.
func TestLateWordOfAnEditThatIsLive(t *testing.T) {
	c := running(t)
	c.s.WatchInput = false
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "aaaa", 3, c.now))
	c.log = nil
	c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"})
	c.want("load: the cluster file was saved")
	c.loaded(pair(t, 4, "aaaa", 3, c.now))
	if c.s.Edited {
		t.Error("an edit that is live counts as not applied")
	}
}

func TestInterruptedActivationIsResumedOnce(t *testing.T) {
	c := begin(t)
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.wait(time.Second)
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.unit(state.KeepalivedUnit, "active", "success", 200)
	c.worker(101, "aaaa")
	c.want("watch: generation 4 is installed")
	c.tick()
	c.want("reload haproxy.service bbbb: HAProxy runs another configuration")
	c.activated(state.HAProxyUnit, "refused")
	c.want("record activate generation 4: broken")
	c.tick()
	c.want() // once for these processes
	c.worker(150, "aaaa")
	c.want() // a new process that runs the same is no reason either
	c.worker(151, "cccc")
	c.want("reload haproxy.service bbbb: HAProxy runs another configuration")
}

// What a worker says may come before systemd says that it runs.
func TestInterruptedActivationWaitsForWordOfTheUnits(t *testing.T) {
	c := begin(t)
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.wait(time.Second)
	c.worker(101, "aaaa")
	c.tick()
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.want("watch: generation 4 is installed")
	c.unit(state.KeepalivedUnit, "active", "success", 200)
	c.want("reload haproxy.service bbbb: HAProxy runs another configuration")
}

func TestEditMadeWhileLbsupWasAwayIsAppliedOnce(t *testing.T) {
	for _, row := range []struct {
		name            string
		edited, untried bool
		want            []string
	}{
		{"an edit", true, true, []string{"watch: generation 3 is installed", "apply reload: asked by an edit made while lbsup was not running"}},
		{"an edit that was taken back", true, false, []string{"watch: generation 3 is installed"}},
		{"none", false, false, []string{"watch: generation 3 is installed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			load := state.Loaded{At: c.at(), Installed: pair(t, 3, "aaaa", 3, c.now), Edited: row.edited, Untried: row.untried}
			c.send(load)
			c.want(row.want...)
			if row.untried {
				c.applied(state.Report{Outcome: state.Rejected})
				c.log = nil
			}
			c.send(load)
			c.want()
			if c.s.Edited != row.edited {
				t.Errorf("edited: got %v", c.s.Edited)
			}
		})
	}
}

// A check that tolerates a failure stays healthy after it. That does not prove the change.
func TestToleratedFailureIsNoProof(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.activated(state.HAProxyUnit, "")
	c.worker(102, "bbbb")
	c.log = nil
	c.probe(checks.Doubtful, false, "slow")
	c.want()
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
}

func TestEditedFileIsNotLoadedAgainAndAgain(t *testing.T) {
	c := running(t)
	c.send(state.Drifted{At: c.at(), Files: []string{"/etc/haproxy/haproxy.cfg"}})
	for pid := 110; pid < 115; pid++ {
		c.worker(pid, "")
		c.probe(checks.Healthy, false, "answers")
		c.tick()
	}
	c.want()
}

func TestLateEndOfARoundIsNotTakenForTheNext(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 4, c.now))
	c.activated(state.KeepalivedUnit, "it ended")
	c.worker(102, "bbbb") // so the way back has to reload HAProxy too
	c.applied(committed(5))
	c.loaded(pair(t, 5, "aaaa", 5, c.now))
	c.log = nil
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, Err: "too late", Generation: 4})
	c.want()
	if c.s.Job == nil || c.s.Job.Phase != state.Activating {
		t.Errorf("the way back ended: %+v", c.s.Job)
	}
}

func TestNewChecksAreLiveThoughNoDaemonIsTold(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.log = nil
	c.loaded(pair(t, 4, "aaaa", 3, c.now))
	c.want("watch: generation 4 is installed", "record reload generation 4: live", "answer 7: reload live")
}

func TestStopThatLbsupDidNotSeeIsRespected(t *testing.T) {
	c := begin(t)
	c.loaded(pair(t, 3, "aaaa", 3, c.now))
	c.unit(state.HAProxyUnit, "inactive", "success", 0)
	if !c.s.Units[state.HAProxyUnit].ByHand {
		t.Error("a unit that was stopped before lbsup started counts as crashed")
	}
}

func TestUnreadableStoreIsTriedAgainAndLowers(t *testing.T) {
	c := begin(t)
	c.send(state.LoadFailed{At: c.at(), Err: "disk error"})
	c.want()
	c.tick()
	c.want("load: it could not be read before")
	if v := c.s.Verdict(checks.Supervisor); v.Health != checks.Failed || v.Reason != "disk error" {
		t.Errorf("supervisor is %v (%s), want failed (disk error)", v.Health, v.Reason)
	}
}
