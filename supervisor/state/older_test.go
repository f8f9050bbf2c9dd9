package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/state"
)

// A keepalived that has never read a file of lbsup's is started anew, once: a reload would keep what it was started with.
func TestKeepalivedFromBeforeLbsupIsRestarted(t *testing.T) {
	const restart, reload = "restart keepalived.service : " + state.OlderKeepalived, "reload keepalived.service : keepalived.conf changed"
	for _, row := range []struct {
		name  string
		first time.Duration // when lbsup first wrote keepalived.conf over another one, after dawn; 0: it never did
		since time.Duration // when keepalived was started
		ran   state.Running
		want  string
	}{
		{"it was started before", 10 * time.Second, 2 * time.Second, state.Running{}, restart},
		{"it has loaded lbsup's since", 10 * time.Second, 2 * time.Second, state.Running{Generation: 1, MainPID: 200}, reload},
		{"it is another one than had", 10 * time.Second, 2 * time.Second, state.Running{Generation: 1, MainPID: 100}, reload},
		{"it was started after that", 2 * time.Second, 5 * time.Second, state.Running{}, reload},
		{"there was none before", 0, 2 * time.Second, state.Running{}, reload},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.s.Keepalived = row.ran
			installed := pair(t, 2, "aaaa", 2, dawn.Add(20*time.Second))
			if row.first > 0 {
				installed.Keepalived.First = dawn.Add(row.first)
			}
			c.loaded(installed)
			c.unit(state.HAProxyUnit, "active", "success", 100)
			c.wait(row.since).unit(state.KeepalivedUnit, "active", "success", 200)
			c.worker(101, "aaaa")
			c.probe(0, false, "answers")
			c.log = nil
			c.wait(30 * time.Second).tick()
			c.log = onlyChanges(c.log)
			c.want(row.want)
		})
	}
}

func TestKeepalivedFromBeforeLbsupIsRestartedOnce(t *testing.T) {
	c := begin(t)
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.unit(state.KeepalivedUnit, "active", "success", 200)
	c.wait(time.Minute)
	ask(c, "reload", 0)
	c.applied(committed(2))
	installed := pair(t, 2, "aaaa", 2, c.now)
	installed.Keepalived.First = c.now
	c.worker(101, "aaaa")
	c.log = nil
	c.loaded(installed)
	c.want("watch: generation 2 is installed", "restart keepalived.service : "+state.OlderKeepalived)
	if diff := cmp.Diff([]string{"restart of keepalived.service: " + state.OlderKeepalived}, c.s.Job.Effects); diff != "" {
		t.Errorf("what history will say (-want +got):\n%s", diff)
	}
	c.wait(time.Second)
	c.unit(state.KeepalivedUnit, "active", "success", 201)
	c.activated(state.KeepalivedUnit, "")
	if c.s.KeepalivedIsOlder() || c.s.KeepalivedIsBehind() {
		t.Error("what was started anew counts as one from before")
	}
}

// What was stopped before the first cluster file was installed is started with it, also when lbsup was restarted after it had refused one.
func TestUnitStoppedBeforeTheFirstClusterFileIsStarted(t *testing.T) {
	for _, row := range []struct {
		name  string
		found state.Installed
	}{{"nothing was found", state.Installed{}}, {"files from before lbsup are kept", state.Installed{Number: 1}}} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.loaded(row.found)
			c.unit(state.HAProxyUnit, "inactive", "success", 0)
			c.unit(state.KeepalivedUnit, "inactive", "success", 0)
			ask(c, "reload", 0)
			c.applied(committed(2))
			c.log = nil
			c.loaded(pair(t, 2, "aaaa", 2, c.now))
			c.want("watch: generation 2 is installed", "start haproxy.service aaaa: haproxy.service is not running",
				"start keepalived.service : keepalived.service is not running")
		})
	}
}
