package state_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// handWritten is what is installed once HAProxy's configuration is a person's.
func handWritten(t *testing.T, number, keepalivedFrom int) state.Installed {
	t.Helper()
	i := pair(t, number, "", keepalivedFrom, dawn.Add(time.Second))
	i.Local.Services, i.Local.HAProxy = nil, cluster.HAProxy{Files: []string{"/etc/haproxy/haproxy.cfg"}}
	return i
}

// handsOver has generation 4 activated, for which HAProxy loads what a person wrote.
func handsOver(t *testing.T, news state.Report, confirm time.Duration) *scenario {
	t.Helper()
	c := running(t)
	c.send(state.Asked{At: c.at(), ID: 7, Verb: "reload", By: "alice", Confirm: confirm})
	news.Outcome, news.Generation = state.Committed, 4
	c.applied(news)
	keepalived := 3
	if news.Keepalived {
		keepalived = 4
	}
	c.loaded(handWritten(t, 4, keepalived))
	return c
}

func TestNoFailedProofTakesBackWhatIsHandWritten(t *testing.T) {
	c := handsOver(t, state.Report{HAProxy: true}, 0)
	c.log = nil
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	c.want("record reload generation 4: broken", "answer 7: reload broken")
	want := []status.Problem{{Message: "cannot reload HAProxy", Hint: "mend the file and `lbsup reload`, or go back yourself: lbsup rollback 3"}}
	if diff := cmp.Diff(want, c.s.Last.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if got, want := c.s.Last.Effects[len(c.s.Last.Effects)-1], "generation 4 stays: it is hand-written, and only you take that back"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.probe(checks.Healthy, false, "answers")
	c.tick()
	c.want()
}

// Nothing names what a worker has loaded of hand-written files, so what it has not is kept in mind.
func TestHandWrittenFilesThatWereNotLoadedAreLoadedByTheNextReload(t *testing.T) {
	c := handsOver(t, state.Report{HAProxy: true}, 0)
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	again := func(want ...string) {
		t.Helper()
		ask(c, "reload", 0)
		c.applied(state.Report{Outcome: state.Same, Generation: 4})
		c.log = nil
		c.loaded(handWritten(t, 4, 3))
		c.want(want...)
	}
	again("reload haproxy.service : it has yet to load what is installed")
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	c.want("record reload generation 4: broken", "answer 7: reload broken")
	again("reload haproxy.service : it has yet to load what is installed")
	c.activated(state.HAProxyUnit, "")
	c.worker(102, "")
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
	again("record reload generation 4: unchanged", "answer 7: reload unchanged")
}

// A hint that says more stays.
func TestHintOfWhatFailedStays(t *testing.T) {
	c := handsOver(t, state.Report{HAProxy: true}, 0)
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, Generation: 4, Err: "cannot reload HAProxy", Hint: "read the journal"})
	if got := c.s.Last.Problems[0].Hint; got != "read the journal" {
		t.Errorf("got %q", got)
	}
}

// Beside hand-written files that stay as they are keepalived's goes back as ever.
func TestKeepalivedGoesBackBesideHandWrittenFiles(t *testing.T) {
	c := handsOver(t, state.Report{Keepalived: true}, 0)
	c.want("apply reload: asked by alice", "load: generation 4 was installed", "watch: generation 4 is installed",
		"reload keepalived.service : keepalived.conf changed")
	c.activated(state.KeepalivedUnit, "cannot reload keepalived")
	c.want("apply rollback-3: cannot reload keepalived")
}

func TestWhatIsHandWrittenWaitsForNoConfirmation(t *testing.T) {
	c := handsOver(t, state.Report{HAProxy: true}, time.Minute)
	c.activated(state.HAProxyUnit, "")
	c.worker(102, "")
	c.log = nil
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
	if got, want := c.s.Last.Effects[len(c.s.Last.Effects)-1], "it waits for no confirmation: what is hand-written does not go back by itself"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What a person asks for is left to lbsup apply, which says what it would write over.
func TestAPersonMayTakeBackWhatIsHandWritten(t *testing.T) {
	c := begin(t)
	c.loaded(handWritten(t, 3, 3))
	ask(c, "rollback", 0)
	c.log = c.log[len(c.log)-2:]
	c.want("apply rollback-2: asked by alice")
	refused := []status.Problem{{Message: "it is hand-written and was another one then", Hint: "install -m 0640"}}
	c.applied(state.Report{Outcome: state.Rejected, Problems: refused})
	if diff := cmp.Diff(refused, c.s.Last.Problems); diff != "" || c.s.Last.Outcome != status.Refused {
		t.Errorf("%s (-want +got):\n%s", c.s.Last.Outcome, diff)
	}
}

func TestAnEditOfAHandWrittenFileIsAWish(t *testing.T) {
	for _, row := range []struct {
		name  string
		watch bool
		want  []string
	}{
		{"that is followed", true, []string{"apply reload: asked by an edit of /etc/haproxy/haproxy.cfg"}},
		{"that waits to be asked for", false, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := begin(t)
			c.s.WatchInput = row.watch
			c.loaded(handWritten(t, 3, 3))
			c.log = nil
			c.send(state.InputChanged{At: c.at(), Path: "/etc/haproxy/haproxy.cfg"})
			c.want(row.want...)
		})
	}
}
