package timeline_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

// answer is the first line of an account and its note.
func answer(a status.Account) []string {
	return []string{a.What + " at " + a.When.Format(time.TimeOnly) + ": " + a.Because, a.Note}
}

func (c *stage) why(about string, span timeline.Span) []string {
	c.t.Helper()
	a, err := timeline.Explain(c.snapshot(), c.told, about, span)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer(a)
}

// minute is the minute of night that a question is about.
func minute(n int) timeline.Span {
	from := night.Add(time.Duration(n) * time.Minute)
	return timeline.Span{From: from, To: from.Add(time.Minute - 1)}
}

// There and back: HAProxy dies at 02:14:01, and this node takes its place again at 02:16:07.
func thereAndBack(t *testing.T) *stage {
	c := newStage(t, gateway, first).running(true)
	c.probe(checks.Failed, true, "worker process 101 has ended").role("FAULT").unit(state.HAProxyUnit, "failed", "exit-code", 0)
	for range 120 {
		c.ask(checks.HAProxy, checks.Failed, true, "worker process 101 has ended").tick()
	}
	return c.unit(state.HAProxyUnit, "active", "success", 110).worker(111).well(6).role("MASTER").well(60)
}

func TestQuestionsAboutATime(t *testing.T) {
	c := thereAndBack(t)
	left := "the VIPs of VI_1 left this node at 02:14:01: check haproxy failed: worker process 101 has ended"
	came := "the VIPs of VI_1 came to this node at 02:16:07: this node is preferred and well again: check haproxy is healthy: it answers"
	for _, row := range []struct {
		name, about string
		span        timeline.Span
		want        []string
	}{
		{"now", "", timeline.Span{}, []string{came, ""}},
		{"by the address", vip, timeline.Span{}, []string{came, ""}},
		{"by the address as the file has it", vip + "/16", timeline.Span{}, []string{came, ""}},
		{"by the instance", "VI_1", timeline.Span{}, []string{came, ""}},
		{"before a moment", "VI_1", timeline.Span{To: night.Add(2 * time.Minute)}, []string{left, ""}},
		{"the minute in which it left", vip, minute(1), []string{left, ""}},
		{"the minute in which it came back", vip, minute(3), []string{came, ""}},
		{"a minute between", vip, minute(2), []string{left, "VI_1 did not move between 02:15:00 and 02:15:59"}},
		{"both", vip, timeline.Span{From: night, To: night.Add(5 * time.Minute)},
			[]string{left, "at 02:16:07 they came to this node: this node is preferred and well again: check haproxy is healthy: it answers"}},
		{"before there was anything", vip, timeline.Span{From: night.Add(-time.Hour), To: night.Add(-59 * time.Minute)},
			[]string{"the VIPs of VI_1 are on this node at 00:00:00: this node is the preferred one and is well", "no move is on record, which begins at 2026-01-02 02:14:01"}},
		{"a check", "haproxy", minute(1), []string{"check haproxy failed at 02:14:01: worker process 101 has ended", ""}},
		{"a check that came back", "haproxy", timeline.Span{From: night, To: night.Add(5 * time.Minute)},
			[]string{"check haproxy failed at 02:14:01: worker process 101 has ended", "at 02:16:02 check haproxy is healthy: it answers"}},
		{"a check between", "haproxy", minute(2), []string{"check haproxy failed at 02:14:01: worker process 101 has ended", "its verdict did not change between 02:15:00 and 02:15:59"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, c.why(row.about, row.span)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Each row is a cause that is told from those beside it.
func TestCauses(t *testing.T) {
	for _, row := range []struct {
		name, node string
		holder     bool
		play       func(c *stage)
		want       string
	}{
		{"an interface", first, true, func(c *stage) { c.send(state.RoleChanged{At: c.at(), Instance: "VI_1", Role: "MASTER"}).role("FAULT") },
			"VI_1 went from MASTER to FAULT: an interface that keepalived tracks is down"},
		{"keepalived stopped", first, true, func(c *stage) {
			c.unit(state.KeepalivedUnit, "deactivating", "success", 200).role("STOP").unit(state.KeepalivedUnit, "inactive", "success", 0)
		}, "keepalived.service was stopped by hand"},
		{"keepalived restarted", first, true, func(c *stage) { c.unit(state.KeepalivedUnit, "active", "success", 201).vip(false).role("BACKUP") },
			"keepalived.service was restarted: process 201 instead of 200"},
		{"a host that stood still", first, true, func(c *stage) {
			c.wait(1900 * time.Millisecond).send(state.Tick{At: c.at()}).role("BACKUP")
		}, "a timer of lbsup fired 1s late: the host stood still or had no time for it"},
		{"a host that stood still later", first, true, func(c *stage) {
			c.role("BACKUP").wait(200 * time.Millisecond).well(1).wait(1900 * time.Millisecond).send(state.Tick{At: c.at()})
		}, "loadbalancer-2 claims them with a higher priority; nothing changed here"},
		{"the other one, unasked", first, true, func(c *stage) { c.wait(time.Minute).role("BACKUP") },
			"loadbalancer-2 claims them with a higher priority; nothing changed here"},
		{"the preferred one is back", second, true, func(c *stage) { c.wait(time.Minute).role("BACKUP") },
			"loadbalancer-1 claims them again, and is preferred; nothing changed here"},
		{"the preferred one is gone", second, false, func(c *stage) { c.wait(time.Minute).role("MASTER") },
			"loadbalancer-1 no longer claims them: it failed, was stopped or is not heard; nothing changed here"},
		{"a recovery takes nothing from a well peer", second, false, func(c *stage) {
			c.probe(checks.Failed, true, "gone").well(5).wait(10 * time.Second).role("MASTER")
		}, "loadbalancer-1 no longer claims them: it failed, was stopped or is not heard; nothing changed here"},
		{"keepalived started on the preferred node", first, false, func(c *stage) {
			c.unit(state.KeepalivedUnit, "inactive", "success", 0).well(20).unit(state.KeepalivedUnit, "active", "success", 210).well(3).role("MASTER")
		}, "this node is preferred, and keepalived.service runs as process 210"},
		{"a failure long before the stop", first, true, func(c *stage) {
			c.probe(checks.Failed, true, "gone").well(12).unit(state.KeepalivedUnit, "deactivating", "success", 200).role("STOP")
		}, "keepalived.service was stopped by hand"},
		{"a failure that was over before the stop", first, true, func(c *stage) {
			for range 3 {
				c.probe(checks.Doubtful, false, "slow")
			}
			c.well(5).unit(state.KeepalivedUnit, "deactivating", "success", 200).role("STOP")
		}, "keepalived.service was stopped by hand"},
		{"keepalived that has run for a while", second, true, func(c *stage) {
			c.unit(state.KeepalivedUnit, "inactive", "success", 0).unit(state.KeepalivedUnit, "active", "success", 210).well(3).role("BACKUP")
		}, "loadbalancer-1 claims them again, and is preferred; nothing changed here"},
		{"a change that has settled", second, false, func(c *stage) {
			c.send(state.Asked{At: c.at(), ID: 1, Verb: "reload", By: "anna"})
			c.send(state.Applied{At: c.at(), Report: state.Report{Outcome: state.Committed, Generation: 4, Keepalived: true}})
			c.loaded(4).role("MASTER").send(state.Activated{At: c.at(), Unit: state.KeepalivedUnit, How: state.Reload, Generation: 4})
			c.well(2).role("BACKUP").well(3).role("MASTER")
		}, "loadbalancer-1 no longer claims them: it failed, was stopped or is not heard; nothing changed here"},
		{"a change of HAProxy alone", first, true, func(c *stage) {
			c.send(state.Asked{At: c.at(), ID: 1, Verb: "reload", By: "anna"}).well(1).role("BACKUP")
		}, "loadbalancer-2 claims them with a higher priority; nothing changed here"},
		{"an interface is back", first, true, func(c *stage) {
			c.role("FAULT").well(2).role("BACKUP").well(1).role("MASTER")
		}, "this node is preferred, and its interfaces are up again"},
		{"keepalived started after a recovery", first, true, func(c *stage) {
			c.probe(checks.Failed, true, "gone").role("FAULT").well(8).role("MASTER").unit(state.KeepalivedUnit, "inactive", "success", 0).role("STOP")
			c.well(1).unit(state.KeepalivedUnit, "active", "success", 210).well(1).role("MASTER")
		}, "this node is preferred, and keepalived.service runs as process 210"},
		{"unseen", first, true, func(c *stage) {
			c.vip(true).send(state.Started{At: c.at()})
			c.told = append(c.told, status.Moment{Time: c.now, Kind: status.VIPKind, Subject: vip, Fields: map[string]string{"instance": "VI_1", "here": "true"}})
			c.s = state.State{}
			c.wait(time.Minute).send(state.Started{At: c.at()}).loaded(3).vip(false)
		}, "it happened before, while lbsup did not run"},
		{"the first word of a lbsup that has just started", first, true, func(c *stage) {
			c.told = append(c.told, timeline.Farewell(c.now))
			c.s = state.State{}
			c.wait(time.Minute).send(state.Started{At: c.at()}).loaded(3).vip(true)
			c.unit(state.HAProxyUnit, "active", "success", 100).unit(state.KeepalivedUnit, "active", "success", 200).worker(101)
			c.probe(checks.Failed, true, "worker process 101 has ended").role("FAULT")
		}, "check haproxy failed: worker process 101 has ended"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := newStage(t, gateway, row.node).running(row.holder)
			row.play(c)
			a, err := timeline.Explain(c.snapshot(), c.told, vip, timeline.Span{})
			if err != nil {
				t.Fatal(err)
			}
			if a.Because != row.want {
				t.Errorf("got %q, want %q, from\n%s", a.Because, row.want, strings.Join(lines(c.told), "\n"))
			}
		})
	}
}

func TestNothingToExplain(t *testing.T) {
	c := thereAndBack(t)
	_, err := timeline.Explain(c.snapshot(), c.told, "VI_9", timeline.Span{})
	if want := `cannot explain "VI_9": no such VIP, VRRP instance or check; there are VI_1, haproxy, supervisor`; !errors.Is(err, timeline.ErrNoSubject) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = timeline.Explain(status.Snapshot{}, nil, "", timeline.Span{})
	if want := `cannot explain "": no such VIP, VRRP instance or check; there are none: no cluster file was installed yet`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestGap(t *testing.T) {
	if got := timeline.Gap(status.Moment{}, night); got != nil {
		t.Errorf("before the first supervisor there was none: got %v", got)
	}
	if got := timeline.Gap(timeline.Farewell(night), night.Add(time.Hour)); got != nil {
		t.Errorf("it said that it ends: got %v", got)
	}
	got := timeline.Gap(status.Moment{Time: night, Node: first, Kind: status.CheckKind}, night.Add(time.Hour))
	want := "lbsup had ended without a word: killed, crashed, or the host went down, after 2026-01-02 02:13:00"
	if len(got) != 1 || got[0].Text != want || got[0].Node != first {
		t.Errorf("got %v, want %s", got, want)
	}
}
