package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Everybody is told what he wants to be told of, and nothing else.
func TestWhoIsToldOfWhat(t *testing.T) {
	roles, changes := toProgram("/bin/true"), toProgram("/bin/true")
	roles.On, changes.On = []cluster.Occurrence{cluster.Transition}, []cluster.Occurrence{cluster.FailedChange, cluster.SplitBrain}
	n, _ := running(t, roles, changes)
	n.Put(became("MASTER"), became("BACKUP"), status.Moment{Kind: status.CheckKind},
		status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"outcome": string(status.Broken)}})
	until(t, "all were told", func() bool { r := n.Reports(); return r[0].Told == 2 && r[1].Told == 1 })
}

// Who stays in the cluster file keeps what waits for him; who goes is told no more.
func TestReplace(t *testing.T) {
	d := &desk{codes: []int{503, 503}}
	stays, goes := toURL(opened(t, d).URL), toProgram("/nowhere/hook")
	n, _ := running(t, goes, stays)
	n.Put(became("MASTER"))
	until(t, "the first try has failed", func() bool { r := n.Reports(); return r[1].Trouble != "" && r[0].Failed == 1 })
	n.Replace("web", []cluster.Notice{stays, stays})
	if r := n.Reports(); len(r) != 2 || r[0].Trouble == "" || r[1].Trouble != "" {
		t.Errorf("got %+v", r)
	}
	until(t, "it was told by a later try", func() bool { return n.Reports()[0].Told == 1 })
	n.Put(became("BACKUP"))
	until(t, "both are told", func() bool { r := n.Reports(); return r[0].Told == 2 && r[1].Told == 1 })
	n.Replace("", nil)
	n.Put(became("FAULT"))
	if r := n.Reports(); len(r) != 0 {
		t.Errorf("got %+v", r)
	}
}

// A flood from the owner loop is taken at once, whatever those who are told do.
func TestAFlood(t *testing.T) {
	hangs := toProgram("/bin/sleep", "1000")
	hangs.Timeout = time.Hour
	n, log := running(t, hangs)
	for range 100_000 {
		n.Put(became("MASTER"))
	}
	r := n.Reports()[0]
	if r.Waiting > room || r.Dropped < 100_000-room-1 || strings.Count(log.String(), "\n") > 10 {
		t.Errorf("got %+v, and %d lines of log", r, strings.Count(log.String(), "\n"))
	}
}
