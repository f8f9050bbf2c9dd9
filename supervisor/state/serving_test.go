package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// server is web1 as HAProxy sees it.
func server(words string, up bool, check checks.Health) state.Server {
	return state.Server{Target: haproxy.Target{Backend: "web", Server: "web1"}, Up: up, Check: check, Words: words}
}

var (
	well    = server("UP", true, checks.Healthy)
	unasked = server("UP", true, checks.Unknown)
	down    = server("DOWN (L4CON, Connection refused)", false, checks.Failed)
	dying   = server("UP 2/3 (L4CON, Connection refused)", true, checks.Failed)
)

// proving brings a scenario to the moment when generation 4 runs and only the proof about who serves is missing.
func proving(t *testing.T, before state.Serving) *scenario {
	t.Helper()
	c := running(t)
	next := pair(t, 4, "bbbb", 3, c.now)
	next.Local.HAProxy.Settle = 5 * time.Second
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(next)
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Before: before})
	c.worker(102, "bbbb")
	c.log = nil
	c.probe(checks.Healthy, false, "answers")
	return c
}

// sees waits, and has HAProxy tell of its servers.
func (c *scenario) sees(after time.Duration, serving state.Serving, closed ...string) {
	c.wait(after)
	c.log = nil
	c.send(state.ServingSeen{At: c.at(), Generation: 4, Serving: serving, Closed: closed})
	c.log = onlyChanges(c.log)
}

const (
	live  = "record reload generation 4: live"
	again = "look at the servers in 200ms"
)

func TestWhoServedBeforeServesAfter(t *testing.T) {
	one := func(s ...state.Server) state.Serving { return state.Serving{"web": s} }
	lost := `apply rollback-3: service "web" had a healthy server before and has none now: `
	for _, row := range []struct {
		name   string
		before state.Serving
		after  time.Duration
		seen   state.Serving
		closed []string
		want   []string
	}{
		{"a check has found one", one(well, down), 0, one(down, well), nil, []string{live, "answer 7: reload live"}},
		{"nobody has asked yet", one(well), 0, one(unasked), nil, []string{again}},
		{"nobody has asked in time", one(well), 5 * time.Second, one(unasked), nil, []string{live, "answer 7: reload live"}},
		{"all down, there is time", one(well), 4 * time.Second, one(down), nil, []string{again}},
		{"all down, time is up", one(well), 5 * time.Second, one(down), nil, []string{lost + "web1 is DOWN (L4CON, Connection refused)"}},
		{"not found dead yet, time is up", one(well), 5 * time.Second, one(dying), nil, []string{lost + "web1 is UP 2/3 (L4CON, Connection refused)"}},
		{"no servers any more", one(well), 5 * time.Second, one(), nil, []string{lost + "it has no servers"}},
		{"more servers than a line holds", one(well), 5 * time.Second, one(down, down, down, down, down, down), nil,
			[]string{lost + "web1 is DOWN (L4CON, Connection refused); web1 is DOWN (L4CON, Connection refused); web1 is DOWN (L4CON, Connection refused); " +
				"web1 is DOWN (L4CON, Connection refused); and 2 more"}},
		{"down before", one(down), 0, one(down), nil, []string{live, "answer 7: reload live"}},
		{"the service went", one(well), 0, state.Serving{}, nil, []string{live, "answer 7: reload live"}},
		{"a frontend is closed", one(well), 5 * time.Second, one(well), []string{"web"}, []string{`apply rollback-3: frontend "web" takes no connections`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := proving(t, row.before)
			if c.s.Job == nil || c.s.Job.Phase != state.Verifying {
				t.Fatal("the change did not wait for the proof")
			}
			c.sees(row.after, row.seen, row.closed...)
			c.want(row.want...)
		})
	}
}

func TestHAProxyThatDoesNotTellOfItsServers(t *testing.T) {
	c := proving(t, state.Serving{"web": {well}})
	c.wait(time.Second)
	c.send(state.ServingSeen{At: c.at(), Generation: 4, Err: "timeout"})
	c.want(again)
	c.wait(15 * time.Second)
	c.probe(checks.Healthy, false, "answers")
	c.log = onlyChanges(c.log)
	c.want("apply rollback-3: HAProxy has not told of its servers since the change: timeout")
}

func TestTimeForHealthChecksIsToldApart(t *testing.T) {
	c := proving(t, state.Serving{"web": {well}})
	c.sees(0, state.Serving{"web": {unasked}})
	c.sees(1500*time.Millisecond, state.Serving{"web": {well}})
	c.want(live, "answer 7: reload live")
	if got := c.s.Last.Settled; got != 1.5 || c.s.Last.Took < got {
		t.Errorf("settled in %v s of %v s, want 1.5 s", got, c.s.Last.Took)
	}
}

func TestServersOfAnotherChangeProveNothing(t *testing.T) {
	c := proving(t, state.Serving{"web": {well}})
	c.send(state.ServingSeen{At: c.at(), Generation: 3, Serving: state.Serving{"web": {well}}})
	c.want()
}

func TestOnTheWayBackNobodyAsksWhoServes(t *testing.T) {
	c := proving(t, state.Serving{"web": {well}})
	c.sees(5*time.Second, state.Serving{"web": {down}})
	c.applied(committed(5))
	c.loaded(pair(t, 5, "aaaa", 3, c.now))
	c.worker(103, "aaaa")
	c.log = nil
	c.activated(state.HAProxyUnit, "")
	c.probe(checks.Healthy, false, "answers")
	c.log = onlyChanges(c.log)
	c.want("record reload generation 4: rolled back", "answer 7: reload rolled back")
	want := []status.Problem{{
		Message: `service "web" had a healthy server before and has none now: web1 is DOWN (L4CON, Connection refused)`,
		Hint:    "`lbsup status` shows each server with HAProxy's words; haproxy.settle is how long lbsup waits for one",
	}}
	if diff := cmp.Diff(want, c.s.Last.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestChangedServerIsNoProofUntilItIsAskedAgain(t *testing.T) {
	c := changing(t, `      - {name: web3, address: "192.0.2.29:80"}`, fromTheClusterFile)
	moved := state.Server{Target: haproxy.Target{Backend: "web", Server: "web3"}, Up: true, Check: checks.Healthy, Words: "UP"}
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.RunTime, Generation: 4, Before: state.Serving{"web": {moved}}})
	c.worker(101, "bbbb")
	c.probe(checks.Healthy, false, "answers")
	c.sees(0, state.Serving{"web": {moved}})
	c.want(again)
	c.sees(0, state.Serving{"web": {moved, well}})
	c.want(live, "answer 7: reload live")
}

// The worker of a reload has not heard of what the runtime API was asked for: its word on such a server counts. Who served
// before was seen before both.
func TestReloadAfterAChangeThatFailedAtRunTime(t *testing.T) {
	c := changing(t, `      - {name: web3, address: "192.0.2.29:80"}`, fromTheClusterFile)
	moved := state.Server{Target: haproxy.Target{Backend: "web", Server: "web3"}, Up: true, Check: checks.Healthy, Words: "UP"}
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.RunTime, Generation: 4, Err: "silence", Before: state.Serving{"web": {moved}}})
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Before: state.Serving{"web": {down}}})
	c.worker(102, "bbbb")
	c.probe(checks.Healthy, false, "answers")
	if c.s.Job == nil {
		t.Fatal("what served before is forgotten: the change did not wait for the proof")
	}
	c.sees(0, state.Serving{"web": {unasked}})
	c.want(again)
	c.sees(0, state.Serving{"web": {moved}})
	c.want(live, "answer 7: reload live")
}

func TestWhoServesIsAskedOnlyWhereAChangeCanTakeSomethingAway(t *testing.T) {
	for _, row := range []struct {
		name, edit string
		want       bool
	}{
		{"a server more", third + "\n      - {name: web4, address: \"192.0.2.24:80\"}", false},
		{"another address", `      - {name: web3, address: "192.0.2.29:80"}`, true},
		{"a server less", "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.loaded(addressed(t, 3, "aaaa", third, third))
			c.wait(1)
			c.unit(state.HAProxyUnit, "active", "success", 100)
			c.worker(101, "aaaa")
			c.tick()
			ask(c, "reload", 0)
			r := fromTheClusterFile
			r.Outcome, r.Generation, r.HAProxy = state.Committed, 4, true
			c.applied(r)
			_, actions := state.Step(c.s, state.Loaded{At: c.at(), Installed: addressed(t, 4, "bbbb", third, row.edit)})
			for _, a := range actions {
				if a, is := a.(state.Activate); is && a.Unit == state.HAProxyUnit && (a.How != state.RunTime || a.Prove != row.want) {
					t.Errorf("%s, to prove: got %v, want %v", a.How, a.Prove, row.want)
				}
			}
		})
	}
}

func TestReloadThatNeverCameIsNotTakenBackByAnother(t *testing.T) {
	c := running(t)
	ask(c, "reload", 0)
	c.applied(committed(4))
	c.loaded(pair(t, 4, "bbbb", 3, c.now))
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Err: "its master CLI does not answer"})
	r := committed(5)
	r.HAProxy = true // for the disk it is news
	c.applied(r)
	c.log = nil
	c.loaded(pair(t, 5, "aaaa", 3, c.now))
	c.probe(checks.Healthy, false, "answers")
	c.want("watch: generation 5 is installed", "record reload generation 4: rolled back", "answer 7: reload rolled back")
}

// After a reload that leaves open whether it brought a new worker, it is who answers then that counts.
func TestReloadThatMayHaveComeIsTakenBackByAnother(t *testing.T) {
	const watch, again = "watch: generation 5 is installed", "reload haproxy.service aaaa: "
	for _, row := range []struct {
		name   string
		worker state.Worker
		want   []string
	}{
		{"nobody answers", state.Worker{}, []string{watch, again + "HAProxy runs another configuration"}},
		{"the new worker", state.Worker{PID: 900, Digest: "bbbb"}, []string{watch, again + "a change is taken back"}},
		{"the old worker", state.Worker{PID: 800, Digest: "aaaa"}, []string{watch}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			ask(c, "reload", 0)
			c.applied(committed(4))
			c.loaded(pair(t, 4, "bbbb", 3, c.now))
			c.send(state.Activated{
				At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4,
				Err: "nothing shows that a new worker serves", Unsure: true, Worker: row.worker,
			})
			c.applied(committed(5))
			c.log = nil
			c.loaded(pair(t, 5, "aaaa", 3, c.now))
			c.want(row.want...)
		})
	}
}

// A master whose last reload has failed may end with 0 (HAProxy 2.2, 3.2): that is no stop by hand while it is asked to reload.
func TestMasterThatEndedIsNamed(t *testing.T) {
	for _, row := range []struct{ name, active, result, want string }{
		{"killed", "failed", "signal", "cannot reload HAProxy; haproxy.service is failed (signal)"},
		{"ended as if all were well", "inactive", "success", "cannot reload HAProxy; haproxy.service is inactive"},
		{"waiting to be started again", "activating", "success", "cannot reload HAProxy; haproxy.service is activating"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := running(t)
			ask(c, "reload", 0)
			c.applied(committed(4))
			c.loaded(pair(t, 4, "bbbb", 3, c.now))
			c.unit(state.HAProxyUnit, row.active, row.result, 0)
			c.log = nil
			c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Err: "cannot reload HAProxy", Hint: "read the journal"})
			c.want("apply rollback-3: " + row.want)
			if got := c.s.Job.Problems[0].Hint; got != "read the journal" {
				t.Errorf("hint: got %q", got)
			}
			c.applied(committed(5))
			c.log = nil
			c.loaded(pair(t, 5, "aaaa", 3, c.now))
			if row.active == "inactive" {
				c.want("watch: generation 5 is installed", "start haproxy.service aaaa: haproxy.service is not running")
			}
		})
	}
}
