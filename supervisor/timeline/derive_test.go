package timeline_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

// lines are moments as a log has them, each behind its kind.
func lines(ms []status.Moment) (out []string) {
	for _, m := range ms {
		out = append(out, string(m.Kind)+" "+m.Subject+": "+m.Line())
	}
	return out
}

// Each row plays one thing to a node that is well and holds the VIPs.
func TestDerive(t *testing.T) {
	for _, row := range []struct {
		name string
		play func(c *stage)
		want []string
	}{
		{"nothing new", func(c *stage) { c.well(3) }, nil},
		{"a probe that only gives another reason", func(c *stage) { c.probe(checks.Healthy, false, "it still answers") }, nil},
		{"one bad answer of three", func(c *stage) { c.probe(checks.Failed, false, "503") }, nil},
		{"lbsup starts", func(c *stage) { c.send(state.Started{At: c.at()}) }, []string{"lbsup lbsup: lbsup started"}},
		{"death", func(c *stage) { c.probe(checks.Failed, true, "gone") }, []string{
			"check haproxy: check haproxy failed: gone",
			"priority VI_1: keepalived is told FAULT for VI_1, no longer priority 253: haproxy failed (gone)",
		}},
		{"a transition", func(c *stage) { c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "MASTER"}) }, []string{"role VI_1: VI_1 became MASTER"}},
		{"a transition that is none", func(c *stage) {
			for range 2 {
				c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "MASTER"})
			}
		}, []string{"role VI_1: VI_1 became MASTER"}},
		{"an interface goes", func(c *stage) {
			c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "MASTER"})
			c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "FAULT"})
		}, []string{"role VI_1: VI_1 became MASTER", "role VI_1: VI_1 went from MASTER to FAULT: an interface that keepalived tracks is down"}},
		{"a VIP goes and comes", func(c *stage) { c.vip(false).vip(true) }, []string{
			"vip 172.18.100.100: 172.18.100.100 left this node", "vip 10.131.0.1: 10.131.0.1 left this node",
			"vip 172.18.100.100: 172.18.100.100 came to this node", "vip 10.131.0.1: 10.131.0.1 came to this node",
		}},
		{"keepalived is stopped", func(c *stage) {
			c.unit(state.KeepalivedUnit, "deactivating", "success", 200).unit(state.KeepalivedUnit, "inactive", "success", 0)
		}, []string{"daemon keepalived.service: keepalived.service was stopped by hand"}},
		{"keepalived is restarted at once", func(c *stage) { c.unit(state.KeepalivedUnit, "active", "success", 201) }, []string{
			"daemon keepalived.service: keepalived.service was restarted: process 201 instead of 200",
		}},
		{"keepalived is killed, and comes back", func(c *stage) {
			c.unit(state.KeepalivedUnit, "failed", "signal", 0).unit(state.KeepalivedUnit, "activating", "success", 0).unit(state.KeepalivedUnit, "active", "success", 201)
		}, []string{
			"daemon keepalived.service: keepalived.service failed (signal)",
			"daemon keepalived.service: keepalived.service is being started",
			"daemon keepalived.service: keepalived.service runs as process 201",
		}},
		{"somebody reloads keepalived", func(c *stage) {
			c.unit(state.KeepalivedUnit, "reloading", "success", 200).unit(state.KeepalivedUnit, "active", "success", 200)
		}, []string{"daemon keepalived.service: keepalived.service reloads, and lbsup has not asked for it"}},
		{"another worker", func(c *stage) { c.worker(101).worker(102) }, []string{
			"daemon haproxy.service: HAProxy serves with worker process 102 instead of 101",
		}},
		{"an orphan", func(c *stage) { c.unit(state.KeepalivedUnit, "failed", "signal", 0).well(2).vip(false) }, []string{
			"daemon keepalived.service: keepalived.service failed (signal)",
			"orphan keepalived.service: root is asked to take orphaned VIPs off this node: keepalived is failed (signal) and has left its VIPs here",
			"orphan VI_1: the VIPs of VI_1 are here, and no keepalived that owns them",
			"vip 172.18.100.100: 172.18.100.100 left this node", "vip 10.131.0.1: 10.131.0.1 left this node",
			"orphan VI_1: the VIPs of VI_1 are no longer without an owner",
		}},
		{"a VIP that goes with its keepalived is none", func(c *stage) {
			c.unit(state.KeepalivedUnit, "failed", "signal", 0).wait(100 * time.Millisecond).vip(false).well(3)
		}, []string{
			"daemon keepalived.service: keepalived.service failed (signal)",
			"vip 172.18.100.100: 172.18.100.100 left this node", "vip 10.131.0.1: 10.131.0.1 left this node",
		}},
		{"drift", func(c *stage) {
			c.send(state.Drifted{At: c.at(), Files: []string{"haproxy.cfg"}}).send(state.Drifted{At: c.at(), Files: []string{"haproxy.cfg"}}).send(state.Drifted{At: c.at()})
		}, []string{"drift haproxy.cfg: haproxy.cfg was changed by hand", "drift haproxy.cfg: haproxy.cfg is again as lbsup wrote it"}},
		{"a track file that cannot be written", func(c *stage) {
			for range 2 {
				c.send(state.TrackWritten{At: c.at(), Instance: "VI_1", Err: "disk full"})
			}
		}, []string{
			"check supervisor: check supervisor failed: disk full",
			"trouble VI_1: keepalived cannot be told about VI_1: disk full",
		}},
		{"a timer that is late", func(c *stage) { c.wait(1700 * time.Millisecond).send(state.Tick{At: c.at()}) }, []string{
			"clock lbsup: a timer of lbsup fired 800ms late: the host stood still or had no time for it",
		}},
		{"a refused rollback", func(c *stage) {
			c.s.Installed.Previous = 0
			c.send(state.Asked{At: c.at(), ID: 1, Verb: "rollback", By: "anna"})
		}, []string{"change rollback: rollback was refused by anna: cannot roll back: got no earlier generation, want one"}},
		{"a refused change", func(c *stage) {
			c.send(state.Asked{At: c.at(), ID: 1, Verb: "reload", By: "anna"})
			c.send(state.Applied{At: c.at(), Report: state.Report{Outcome: state.Rejected, Problems: []status.Problem{{Message: "no such key"}}}})
		}, []string{"change reload: reload was asked for by anna", "change reload: reload was refused by anna: no such key"}},
		{"an edit that is applied", func(c *stage) { c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"}) }, []string{
			"change reload: reload was asked for by an edit of /etc/lbsup/lbsup.yaml",
		}},
		{"an edit that waits", func(c *stage) {
			c.s.WatchInput = false
			for range 2 {
				c.send(state.InputChanged{At: c.at(), Path: "/etc/lbsup/lbsup.yaml"})
			}
		}, []string{"change edit: /etc/lbsup/lbsup.yaml was edited and waits for lbsup reload"}},
		{"a change that fails and goes back", func(c *stage) {
			c.send(state.Asked{At: c.at(), ID: 1, Verb: "reload", By: "anna"})
			c.send(state.Applied{At: c.at(), Report: state.Report{Outcome: state.Committed, Generation: 4, HAProxy: true}})
			c.loaded(4)
			c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.Reload, Generation: 4, Err: "the worker died"})
		}, []string{
			"change reload: reload was asked for by anna",
			"activation haproxy.service: reload of haproxy.service, for generation 4: a file that HAProxy has loaded changed",
			"activation keepalived.service: reload of keepalived.service, for generation 4: keepalived.conf changed",
			"change rollback-3: going back to generation 3 by lbsup: the worker died",
			"activation haproxy.service: reload of haproxy.service failed: the worker died",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newStage(t, gateway, first).running(true)
			row.play(c)
			if diff := cmp.Diff(row.want, lines(c.told)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, m := range c.told {
				if m.Time.IsZero() || m.Node != first {
					t.Errorf("%+v has no time or not its node", m)
				}
			}
		})
	}
}

// A clock that was set is told by what the two clocks of a time say; only times of this process have both.
func TestAClockThatWasSet(t *testing.T) {
	began := time.Now()
	for _, row := range []struct {
		name         string
		ran, set     time.Duration
		want, fields string
	}{
		{"in step", time.Second, 0, "", ""},
		{"slewed", time.Second, 200 * time.Millisecond, "", ""},
		{"forward", time.Second, time.Hour, "the clock jumped forward by 1h0m0s: it was set, or the host slept", "3600.000"},
		{"back", time.Second, -3 * time.Second, "the clock jumped back by 3s: it was set, or the host slept", "-3.000"},
	} {
		t.Run(row.name, func(t *testing.T) {
			// The two times differ in the monotonic clock by ran, and on the wall by ran and set.
			before := began.Round(0)
			after := before.Add(row.ran + row.set)
			got := timeline.Jump(before, after, row.ran)
			if row.want == "" && len(got) == 0 {
				return
			}
			if len(got) != 1 || got[0].Text != row.want || got[0].Fields["jump_seconds"] != row.fields {
				t.Errorf("got %v, want %q", got, row.want)
			}
		})
	}
}

func TestLongWordsOfOthersAreCut(t *testing.T) {
	c := newStage(t, gateway, first).running(true)
	c.send(state.LoadFailed{At: c.at(), Number: c.s.LoadAsked, Err: strings.Repeat("ä", 4000)})
	if len(c.told) != 1 || len(c.told[0].Reason) > 500 || !utf8.ValidString(c.told[0].Reason) || !strings.HasSuffix(c.told[0].Reason, "ä…") {
		t.Errorf("got %+v", c.told)
	}
}

// What a step costs counts: the loop waits for it.
func BenchmarkDerive(b *testing.B) {
	t := &testing.T{}
	c := newStage(t, masters, "master-1").running(true)
	after, actions := state.Step(c.s, state.Tick{At: c.at()})
	turn := timeline.Turn{Before: c.s, After: after, Event: state.Tick{At: c.at()}, Actions: actions, At: c.now}
	b.ReportAllocs()
	for b.Loop() {
		timeline.Derive(turn)
	}
}
