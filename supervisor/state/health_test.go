package state_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestStartMovesNothingBeforeTheFirstAnswer(t *testing.T) {
	c := begin(t)
	c.send(state.Started{At: c.at()})
	c.want("load: lbsup has started")
	c.loaded(pair(t, 3, "aaaa", 3, c.now))
	c.tick()
	c.tick()
	c.want("watch: generation 3 is installed")
	c.probe(checks.Healthy, false, "answers")
	c.want("track VI_1 203: well, number 1 of 2 in preference")
}

func TestCertainDeathFaultsAtOnce(t *testing.T) {
	c := running(t)
	c.probe(checks.Failed, true, "nothing answers")
	c.want("track VI_1 -254: FAULT: haproxy failed (nothing answers)")
}

func TestDoubtOnlyLowers(t *testing.T) {
	c := running(t)
	for range 2 {
		c.probe(checks.Doubtful, false, "slow")
		c.want()
	}
	c.probe(checks.Doubtful, false, "slow")
	c.want("track VI_1 103: lowered by 100: haproxy in doubt (slow)")
}

func TestStoppedUnitIsCertainDeath(t *testing.T) {
	c := running(t)
	c.unit(state.HAProxyUnit, "deactivating", "success", 100)
	c.want("track VI_1 -254: FAULT: haproxy failed (haproxy.service is stopped by hand)")
}

func TestReloadingUnitIsNoDeath(t *testing.T) {
	c := running(t)
	for _, active := range []string{"reloading", "active", "activating", "active"} {
		c.unit(state.HAProxyUnit, active, "success", 100)
	}
	c.want()
}

// While systemd starts the next process, the end of the one before is old news.
func TestHAProxyThatStartsIsNotDead(t *testing.T) {
	c := running(t)
	c.probe(checks.Failed, true, "HAProxy's master has ended")
	c.unit(state.HAProxyUnit, "inactive", "signal", 0)
	c.want("track VI_1 -254: FAULT: haproxy failed (HAProxy's master has ended)")
	c.unit(state.HAProxyUnit, "activating", "success", 300)
	c.want("track VI_1 103: lowered by 100: haproxy in doubt (haproxy.service is starting); not well for long enough to take its place back")
	c.wait(290 * time.Millisecond)
	c.probe(checks.Failed, true, "HAProxy's master has ended")
	c.want()
	c.wait(20 * time.Millisecond) // another look, 200 ms later, would be too late
	for range 3 {
		c.probe(checks.Failed, true, "HAProxy's master has ended")
		c.unit(state.HAProxyUnit, "activating", "success", 300)
	}
	c.want("track VI_1 -49: at the bottom: haproxy.service is starting")
	c.unit(state.HAProxyUnit, "active", "success", 300)
	c.probe(checks.Failed, true, "HAProxy's master has ended")
	c.want("track VI_1 103: lowered by 100: haproxy in doubt (haproxy.service is starting); not well for long enough to take its place back")
	c.worker(301, "aaaa")
	c.probe(checks.Healthy, true, "answers")
	c.want("track VI_1 199: lowered by 4: not well for long enough to take its place back")
}

func TestHAProxyThatDiesAgainIsDead(t *testing.T) {
	for _, row := range []struct{ name, active, sub, result string }{
		{"and is started anew in a while", "activating", "auto-restart", "exit-code"},
		{"and is given up", "failed", "failed", "exit-code"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			c.probe(checks.Failed, true, "gone")
			c.unit(state.HAProxyUnit, "activating", "success", 300)
			c.wait(time.Second)
			c.probe(checks.Failed, true, "gone")
			c.log = nil
			c.send(state.UnitChanged{At: c.at(), Name: state.HAProxyUnit, Unit: state.Unit{Active: row.active, Sub: row.sub, Result: row.result}})
			c.probe(checks.Failed, true, "gone")
			if len(c.log) == 0 || !strings.HasPrefix(c.log[0], "track VI_1 -254: FAULT: haproxy failed") {
				t.Errorf("got %q", c.log)
			}
		})
	}
}

func TestHAProxyThatWaitsForItsRestartIsDead(t *testing.T) {
	c := running(t)
	c.probe(checks.Failed, true, "gone")
	c.want("track VI_1 -254: FAULT: haproxy failed (gone)")
	c.send(state.UnitChanged{At: c.at(), Name: state.HAProxyUnit, Unit: state.Unit{Active: "activating", Sub: "auto-restart", Result: "signal"}})
	c.want()
}

func TestRecoveryTakesRiseAndTime(t *testing.T) {
	c := running(t)
	c.probe(checks.Failed, true, "gone")
	c.want("track VI_1 -254: FAULT: haproxy failed (gone)")
	c.probe(checks.Healthy, false, "answers")
	c.want()
	c.probe(checks.Healthy, false, "answers")
	c.want("track VI_1 199: lowered by 4: not well for long enough to take its place back") // below every well node, ready to serve
	for range 2 {
		c.probe(checks.Healthy, false, "answers")
		c.tick()
	}
	c.want()
	c.probe(checks.Healthy, false, "answers")
	c.tick()
	c.want("track VI_1 203: well, number 1 of 2 in preference")
}

func TestWhoHoldsDoesNotRecover(t *testing.T) {
	c := running(t)
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.100.100", "10.131.0.1")})
	c.probe(checks.Failed, true, "gone")
	c.want("track VI_1 -254: FAULT: haproxy failed (gone)")
	c.probe(checks.Healthy, true, "answers")
	c.want("track VI_1 203: well, number 1 of 2 in preference")
}

func TestHiccupBeforeTheFirstAnswerIsNoIllness(t *testing.T) {
	c := begin(t)
	c.loaded(pair(t, 3, "aaaa", 3, c.now))
	c.tick()
	c.probe(checks.Healthy, false, "answers")
	c.want("watch: generation 3 is installed", "track VI_1 203: well, number 1 of 2 in preference")
}

func TestSilentProbeIsDoubt(t *testing.T) {
	c := running(t)
	c.tick()
	c.tick()
	c.want()
	c.tick()
	c.want("track VI_1 103: lowered by 100: haproxy in doubt (stale: last looked 4s ago, at most 3s expected; was healthy: answers)")
	if v := c.s.Verdict(checks.HAProxy); v.Health != checks.Doubtful {
		t.Errorf("after four silent seconds haproxy is %v, want in doubt", v.Health)
	}
}

func TestUnwritableTrackFileFailsTheSupervisorCheckAndIsTriedAgain(t *testing.T) {
	c := running(t)
	c.probe(checks.Failed, true, "gone")
	c.want("track VI_1 -254: FAULT: haproxy failed (gone)")
	c.send(state.TrackWritten{At: c.at(), Instance: "VI_1", Err: "disk full"})
	c.want() // not at once: a full disk would keep the loop busy
	if v := c.s.Verdict(checks.Supervisor); v.Health != checks.Failed || v.Reason != "disk full" {
		t.Errorf("supervisor is %v (%s), want failed (disk full)", v.Health, v.Reason)
	}
	c.tick()
	c.want("track VI_1 -254: FAULT: haproxy failed (gone)")
	c.send(state.TrackWritten{At: c.at(), Instance: "VI_1"})
	if v := c.s.Verdict(checks.Supervisor); v.Health != checks.Healthy {
		t.Errorf("supervisor is %v, want healthy", v.Health)
	}
}

func TestSupervisorVerdictAgesWithTheLoop(t *testing.T) {
	c := running(t)
	v := checks.Stale(c.s.Verdict(checks.Supervisor), c.now.Add(4*time.Second))
	if v.Health != checks.Doubtful {
		t.Errorf("four seconds after the last tick the supervisor is %v, want in doubt", v.Health)
	}
}

func TestHolds(t *testing.T) {
	c := running(t)
	for _, row := range []struct {
		name string
		have []string
		want bool
	}{
		{"none", nil, false},
		{"one of two", []string{"172.18.100.100"}, false},
		{"both", []string{"172.18.100.100", "10.131.0.1", "127.0.0.1"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c.send(state.AddressesChanged{At: c.at(), Addresses: vips(row.have...)})
			if got := c.s.Holds("VI_1"); got != row.want {
				t.Errorf("Holds: got %v, want %v", got, row.want)
			}
		})
	}
}

func TestKeepalivedThatDoesNotFollowItsTrackFile(t *testing.T) {
	told := func(c *scenario, priority int) {
		c.send(state.PriorityTold{At: c.at(), Instance: "VI_1", Priority: priority})
	}
	for _, row := range []struct {
		name string
		do   func(*scenario)
		want string
	}{
		{"nothing heard", func(*scenario) {}, ""},
		{"it follows", func(c *scenario) { told(c, 253) }, ""},
		{"it follows, and its script found no answer for a while", func(c *scenario) { told(c, 253-108) }, ""},
		{"it never saw the file", func(c *scenario) { told(c, 50) }, "keepalived has VI_1 at priority 50 and not at 253: it does not follow the track file"},
		{"it goes on in spite of a FAULT", func(c *scenario) {
			told(c, 253)
			c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "MASTER"})
			c.probe(checks.Failed, true, "gone")
		}, "keepalived has VI_1 as MASTER and not in FAULT: it does not follow the track file"},
		{"it is in FAULT as told", func(c *scenario) {
			told(c, 253)
			c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "FAULT"})
			c.probe(checks.Failed, true, "gone")
		}, ""},
		{"it does not run", func(c *scenario) {
			told(c, 50)
			c.unit(state.KeepalivedUnit, "inactive", "success", 0)
		}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			row.do(c)
			if v := c.s.Verdict(checks.Supervisor); v.Health != checks.Healthy {
				t.Errorf("at once: %v, %s", v.Health, v.Reason)
			}
			c.tick()
			c.tick()
			got := ""
			if v := c.s.Verdict(checks.Supervisor); v.Health == checks.Failed {
				got = v.Reason
			}
			if got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
		})
	}
}

// A hand-made reload of a configuration without lbsup's socket is not the death of HAProxy.
func TestHAProxyThatRunsWithoutLbsupsSocketIsInDoubt(t *testing.T) {
	c := begin(t)
	c.loaded(pair(t, 3, "aaaa", 3, c.now))
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.probe(checks.Failed, true, "HAProxy is not running: no such file")
	if v := c.s.Verdict(checks.HAProxy); v.Health != checks.Doubtful {
		t.Errorf("got %v, %s", v.Health, v.Reason)
	}
	c.unit(state.HAProxyUnit, "failed", "signal", 0)
	if v := c.s.Verdict(checks.HAProxy); v.Health != checks.Failed {
		t.Errorf("after the unit failed: got %v, %s", v.Health, v.Reason)
	}
}

// Results that came together count as if each had come alone.
func TestProbedTogether(t *testing.T) {
	trackers := map[string]checks.Tracker{}
	for _, name := range []string{"a", "b"} {
		trackers[name] = checks.NewTracker(checks.Definition{Name: name})
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	results := []checks.Result{
		{Check: "a", Health: checks.Healthy, Reason: "2 of 2 servers are up", At: now, Sure: true},
		{Check: "b", Health: checks.Failed, Reason: "none of 2 servers is up", At: now, Sure: true},
		{Check: "gone", Health: checks.Failed, Reason: "late mail", At: now, Sure: true},
	}
	apart := state.State{Trackers: trackers}
	for _, r := range results {
		apart, _ = state.Step(apart, state.Probed{At: state.At(now), Result: r})
	}
	together, _ := state.Step(state.State{Trackers: trackers}, state.ProbedTogether{At: state.At(now), Results: results})
	for _, name := range []string{"a", "b", "gone"} {
		if got, want := together.Verdict(name).Reason, apart.Verdict(name).Reason; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if got := together.Trackers["b"].Verdict().Health; got != checks.Failed {
		t.Errorf("got %v, want failed", got)
	}
}
