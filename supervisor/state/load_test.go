package state_test

import (
	"testing"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestOnlyTheNewestReadingCounts(t *testing.T) {
	c := running(t)
	c.send(state.OutputChanged{At: c.at()})
	older := c.s.LoadAsked
	c.send(state.OutputChanged{At: c.at()})
	c.want("load: an installed file changed", "load: an installed file changed")
	c.send(state.Loaded{At: c.at(), Number: older, Installed: pair(t, 9, "zzzz", 3, c.now)})
	c.send(state.LoadFailed{At: c.at(), Number: older, Err: "disk error"})
	c.want()
	if c.s.Installed.Number != 3 || c.s.LoadError != "" {
		t.Errorf("an old answer was taken: generation %d, error %q", c.s.Installed.Number, c.s.LoadError)
	}
	c.loaded(pair(t, 4, "aaaa", 3, c.now))
	c.want("watch: generation 4 is installed")
}

func TestReadingUnderWayIsNotAskedForAgain(t *testing.T) {
	c := begin(t)
	c.send(state.Started{At: c.at()})
	c.want("load: lbsup has started")
	c.send(state.LoadFailed{At: c.at(), Number: c.s.LoadAsked, Err: "disk error"})
	c.tick()
	c.want("load: it could not be read before")
	c.tick()
	c.want()
}

// What was compared while reading spares the owner loop the work, as long as it is about what HAProxy runs.
func TestDifferenceThatCameWithTheReading(t *testing.T) {
	why := haproxy.Reason{Where: "haproxy.global", What: "changed"}
	for _, row := range []struct {
		name string
		with state.Compared
		want string
	}{
		{"it fits", state.Compared{From: "aaaa", Version: "2.6.12", Plan: haproxy.Plan{Reload: []haproxy.Reason{why}}}, "reload haproxy.service bbbb: haproxy.global: changed"},
		{"HAProxy is another version by now", state.Compared{From: "aaaa", Version: "2.4.22", Plan: haproxy.Plan{Reload: []haproxy.Reason{why}}},
			"change at run time haproxy.service bbbb: no reload is needed"},
		{"HAProxy runs something else by now", state.Compared{From: "cccc", Version: "2.6.12", Plan: haproxy.Plan{Reload: []haproxy.Reason{why}}},
			"change at run time haproxy.service bbbb: no reload is needed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.loaded(addressed(t, 3, "aaaa", third, third))
			c.wait(1)
			c.unit(state.HAProxyUnit, "active", "success", 100)
			c.unit(state.KeepalivedUnit, "active", "success", 200)
			c.worker(101, "aaaa")
			c.probe(checks.Healthy, false, "answers")
			c.tick()
			ask(c, "reload", 0)
			r := fromTheClusterFile
			r.Outcome, r.Generation = state.Committed, 4
			c.applied(r)
			c.log = nil
			c.send(state.Loaded{
				At: c.at(), Number: c.s.LoadAsked, Installed: addressed(t, 4, "bbbb", third, third+"\n      - {name: web4, address: \"192.0.2.24:80\"}"), Compared: row.with,
			})
			c.want("watch: generation 4 is installed", row.want)
		})
	}
}
