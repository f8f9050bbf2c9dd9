package state_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// killed begins a scenario of the next supervisor, which has what the one before it has left on the disk, and finds what it finds.
func killed(t *testing.T, c *scenario, installed state.Installed, digest string) *scenario {
	t.Helper()
	data, err := json.Marshal(c.s.Unproven)
	if err != nil {
		t.Fatal(err)
	}
	next := begin(t)
	next.now = c.now.Add(time.Second)
	if err := json.Unmarshal(data, &next.s.Unproven); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.s.Unproven, next.s.Unproven); diff != "" {
		t.Errorf("what is kept (-want +got):\n%s", diff)
	}
	installed.Keepalived = c.s.Installed.Keepalived
	next.loaded(installed)
	next.unit(state.HAProxyUnit, "active", "success", 100)
	next.unit(state.KeepalivedUnit, "active", "success", 200)
	next.worker(102, digest)
	next.log = nil
	next.tick()
	next.log = onlyChanges(next.log)
	return next
}

func fourth(t *testing.T) state.Installed {
	t.Helper()
	i := pair(t, 4, "bbbb", 3, dawn)
	i.Local.HAProxy.Settle = 5 * time.Second
	return i
}

func TestRestartGoesOnWithTheProof(t *testing.T) {
	for _, row := range []struct {
		name string
		seen state.Serving
		want []string
	}{
		{"that succeeds", state.Serving{"web": {well}}, []string{live}},
		{"that fails", state.Serving{"web": {down}},
			[]string{`apply rollback-3: service "web" had a healthy server before and has none now: web1 is DOWN (L4CON, Connection refused)`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := killed(t, proving(t, state.Serving{"web": {well}, "dead": {down}}), fourth(t), "bbbb")
			c.want("look at the servers in 0s")
			c.probe(checks.Healthy, false, "answers")
			if c.s.Job == nil || c.s.Job.By != "alice" || c.s.Job.Generation != 4 {
				t.Fatalf("the job is %+v", c.s.Job)
			}
			c.sees(5*time.Second, row.seen)
			c.want(row.want...)
		})
	}
}

func TestServerThatWasChangedBeforeARestartIsNoProof(t *testing.T) {
	before := changing(t, `      - {name: web3, address: "192.0.2.29:80"}`, fromTheClusterFile)
	moved := state.Server{Target: haproxy.Target{Backend: "web", Server: "web3"}, Up: true, Check: checks.Healthy, Words: "UP"}
	before.send(state.Activated{At: before.at(), Unit: state.HAProxyUnit, How: state.RunTime, Generation: 4, Before: state.Serving{"web": {moved}}})
	c := killed(t, before, fourth(t), "bbbb")
	c.probe(checks.Healthy, false, "answers")
	c.sees(0, state.Serving{"web": {moved}})
	c.want(again)
}

func TestRestartBeforeTheReloadReloads(t *testing.T) {
	before := running(t)
	ask(before, "reload", 0)
	before.applied(committed(4))
	before.loaded(fourth(t))
	c := killed(t, before, fourth(t), "aaaa")
	c.want("reload haproxy.service bbbb: HAProxy runs another configuration")
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Err: "cannot reload HAProxy"})
	c.log = onlyChanges(c.log)
	c.want("apply rollback-3: cannot reload HAProxy")
}

// What the reload was for is done when the worker names it; a certificate it does not name.
func TestRestartAfterTheReload(t *testing.T) {
	for _, row := range []struct {
		name, digest string
		want         []string
	}{
		{"of a new text", "bbbb", nil},
		{"of the same text", "aaaa", []string{"reload haproxy.service aaaa: a file that HAProxy has loaded changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			before, installed := running(t), pair(t, 4, row.digest, 3, dawn)
			ask(before, "reload", 0)
			report := committed(4)
			report.HAProxy = true
			before.applied(report)
			before.loaded(installed)
			c := killed(t, before, installed, row.digest)
			c.want(row.want...)
		})
	}
}

func TestRestartOnTheWayBack(t *testing.T) {
	for _, row := range []struct {
		name      string
		installed state.Installed
		want      []string
	}{
		{"before it was installed", fourth(t), []string{"apply rollback-3: lbsup was restarted on the way back"}},
		{"after it", pair(t, 5, "aaaa", 3, dawn), []string{"reload haproxy.service aaaa: HAProxy runs another configuration"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := proving(t, state.Serving{"web": {well}})
			before.sees(5*time.Second, state.Serving{"web": {down}})
			c := killed(t, before, row.installed, "bbbb")
			c.want(row.want...)
			if row.installed.Number == 4 {
				c.applied(committed(5))
				c.loaded(pair(t, 5, "aaaa", 3, dawn))
			}
			c.activated(state.HAProxyUnit, "")
			c.worker(103, "aaaa")
			c.log = nil
			c.probe(checks.Healthy, false, "answers")
			c.log = onlyChanges(c.log)
			c.want("record reload generation 4: rolled back")
			if len(c.s.Last.Problems) != 1 {
				t.Errorf("why is forgotten: %+v", c.s.Last)
			}
		})
	}
}

func TestRestartForgetsWhatIsNoLongerInstalled(t *testing.T) {
	c := killed(t, proving(t, state.Serving{"web": {well}}), pair(t, 6, "cccc", 3, dawn), "cccc")
	c.want()
	if c.s.Job != nil || c.s.Unproven.Installed != 0 {
		t.Errorf("got %+v", c.s.Unproven)
	}
}

// Before HAProxy has told what it runs, nobody knows whether it has to be reloaded.
func TestRestartWaitsForHAProxysWord(t *testing.T) {
	for _, row := range []struct {
		name string
		then func(*scenario)
	}{
		{"it comes", func(c *scenario) { c.worker(101, "aaaa") }},
		{"a HAProxy from before lbsup has none", func(c *scenario) { c.wait(10 * time.Second).tick() }},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := running(t)
			ask(before, "reload", 0)
			before.applied(committed(4))
			before.loaded(fourth(t))
			c := begin(t)
			c.s.Unproven = before.s.Unproven
			c.send(state.Started{At: c.at()})
			c.loaded(fourth(t))
			c.unit(state.HAProxyUnit, "active", "success", 100)
			c.unit(state.KeepalivedUnit, "active", "success", 200)
			c.tick()
			if c.s.Job != nil {
				t.Errorf("began %+v", c.s.Job)
			}
			c.log = nil
			row.then(c)
			c.want("reload haproxy.service bbbb: HAProxy runs another configuration", "reload keepalived.service : keepalived.conf changed")
			c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Err: "refused", NoMaster: true})
			c.want("restart haproxy.service bbbb: the running HAProxy has no master CLI for lbsup yet")
		})
	}
}

// The next change goes back to what has proved itself, not to what has not.
func TestWhatHasNotProvedItselfIsNoWayBack(t *testing.T) {
	c := begin(t)
	c.s.Unproven = state.Unproven{Installed: 4, GoBack: 3}
	c.loaded(fourth(t))
	ask(c, "reload", 0)
	if got := c.s.Job.GoBack; got != 3 {
		t.Errorf("the way back is to %d, want 3", got)
	}
	c.applied(state.Report{Outcome: state.Rejected})
	if c.s.Unproven.Installed != 4 {
		t.Error("a refused change has ended the proof of another")
	}
}

func TestEndOfAChangeLeavesNothingToProve(t *testing.T) {
	c := proving(t, state.Serving{"web": {well}})
	if c.s.Unproven.Installed != 4 || !c.s.Unproven.Activated {
		t.Errorf("while it proves itself %+v is kept", c.s.Unproven)
	}
	c.sees(0, state.Serving{"web": {well}})
	if diff := cmp.Diff(state.Unproven{}, c.s.Unproven); diff != "" || c.s.Last.Outcome != status.Live {
		t.Errorf("after it (-want +got):\n%s", diff)
	}
	if unconfirmed(t).s.Unproven.Installed != 0 {
		t.Error("a change that waits for its confirmation has proved itself")
	}
}
