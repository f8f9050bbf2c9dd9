package status

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

var wide = Style{Width: 110, Unicode: true}

// golden compares what print writes with testdata/name.txt.
func golden(t *testing.T, name string, print func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := print(&got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for l := range strings.Lines(got.String()) {
		if strings.HasSuffix(l, " \n") {
			t.Errorf("blanks at the end of %q", l)
		}
	}
}

var stories = map[string]func() Snapshot{
	"well-holder": holder, "well-standby": standby, "haproxy-dead": dead, "no-cluster-file": unconfigured,
	"refused": refused, "refused-by-daemon": refusedByDaemon, "drift": drifted, "server-down": serverDown, "rolled-back": rolledBack, "certificates": ending,
}

func TestText(t *testing.T) {
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			golden(t, name, func(w io.Writer) error { return Text(w, story(), wide) })
		})
	}
}

func TestTextInOtherStyles(t *testing.T) {
	for _, row := range []struct {
		name  string
		story func() Snapshot
		style Style
	}{
		{"ascii", dead, Style{Width: 80}},
		{"narrow", serverDown, Style{Width: 60, Unicode: true}},
		{"pipe", dead, Style{Unicode: true}},
		{"colour", dead, Style{Width: 100, Unicode: true, Colour: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			golden(t, "style-"+row.name, func(w io.Writer) error { return Text(w, row.story(), row.style) })
		})
	}
}

// Every story in every style: ASCII means ASCII, the width holds where nothing has to stay in one piece, and foreign
// text brings no control characters.
func TestStylesHold(t *testing.T) {
	for name, story := range stories {
		for _, style := range []Style{{}, {Unicode: true}, {Width: 80}, {Width: 100, Unicode: true}} {
			var out bytes.Buffer
			if err := Text(&out, story(), style); err != nil {
				t.Fatal(err)
			}
			for l := range strings.Lines(out.String()) {
				l = strings.TrimSuffix(l, "\n")
				for _, r := range l {
					if r < ' ' || !style.Unicode && r > '~' {
						t.Errorf("%s in %+v: %q has the character %q", name, style, l, r)
					}
				}
				whole := strings.Contains(l, "lbsup.yaml:") || strings.Contains(l, "| ")
				if style.Width > 0 && !whole && utf8.RuneCountInString(l) > style.Width {
					t.Errorf("%s in %+v: a line of %d columns: %q", name, style, utf8.RuneCountInString(l), l)
				}
			}
		}
	}
}

func TestChangeText(t *testing.T) {
	under := *holder().Change
	under.Outcome, under.Phase, under.Effects = "", "activating", nil
	broken := *rolledBack().Change
	broken.Outcome = Broken
	settled := *holder().Change
	settled.Took, settled.Settled = 2.1, 1.6
	unchanged := Change{Request: "reload", By: "anna", Asked: now, Outcome: Unchanged, Generation: 14}
	for name, c := range map[string]Change{
		"live": *holder().Change, "unchanged": unchanged, "refused": *refused().Change, "refused-by-daemon": *refusedByDaemon().Change,
		"rolled-back": *rolledBack().Change, "broken": broken, "under-way": under, "settled": settled,
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "change-"+name, func(w io.Writer) error { return ChangeText(w, c, now, wide) })
		})
	}
}

func TestPlanText(t *testing.T) {
	for name, plan := range map[string]Plan{
		"nothing": {},
		"reload": {
			Effects: []Effect{
				{"reload HAProxy", "bind of service api-server changed"},
				{"reload keepalived", "VIP 10.0.0.9/24 is new in instance VI_1: the VIPs stay where they are"},
			},
			Notes: []string{"services.web.check: HAProxy 2.4 cannot do this: left out"},
		},
		"refused": {Problems: refused().Change.Problems},
		"refused-and-why": {
			Problems: []Problem{{File: "/etc/haproxy/haproxy.cfg", Message: "it was edited by hand since it was installed", Hint: "`lbsup reload --overwrite`"}},
			Effects:  []Effect{{"reload HAProxy", "stats: refresh changed"}},
		},
		"vips": {
			Effects: []Effect{{"reload keepalived", "nodes changed; vrrp.instances: VI_1 changed"}},
			VIPs: []VIPEffect{
				{Instance: "VI_1", Addresses: []string{"10.0.0.9", "10.0.0.10"}, Outcome: VIPMoves, To: "lb2", Worst: 615.4, Why: "that node is preferred now"},
				{Instance: "VI_1", Addresses: []string{"10.0.0.11"}, Outcome: VIPComes, Why: "with the reload"},
				{Instance: "VI_2", Addresses: []string{"10.0.0.12"}, Outcome: VIPComes, To: "lb1", Worst: 615.4, Why: "its instance is new"},
				{Instance: "VI_3", Addresses: []string{"10.0.0.13"}, Outcome: VIPGoes, Why: "it is not in the file any more"},
				{Instance: "VI_4", Addresses: []string{"10.0.0.14"}, Outcome: VIPTwice, Why: "nodes do not hear each other"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "plan-"+name, func(w io.Writer) error { return PlanText(w, plan, wide) })
		})
	}
}

func TestFailoverText(t *testing.T) {
	moves := FailoverCase{Name: "a", What: "HAProxy killed", NoticedBy: "the end of its process", Outcome: "moves", TakesOver: "lb2", Worst: 94.688,
		Formula: "notice 20 ms + skew 4.7 ms"}
	stays := FailoverCase{Name: "b", What: "lbsup killed", NoticedBy: "systemd", Outcome: "stays", Note: "what is asked meanwhile waits"}
	lost := FailoverCase{Name: "c", What: "every HAProxy dead", NoticedBy: "on each node", Outcome: "lost"}
	for name, f := range map[string]Failover{
		"pair": {
			Instances: []FailoverInstance{{Name: "VI_1", Holder: "lb1", Next: "lb2", Return: "takes the VIPs back at once", Cases: []FailoverCase{moves, stays, lost}},
				{Name: "VI_2", Holder: "lb2", Next: "lb1", Return: "leaves the VIPs where they are", Cases: []FailoverCase{moves}}},
			Warnings: []Advice{{"vrrp.version", "version 2 is slow", "write version: 3"}, {"nodes", "there are few", ""}},
			RuledOut: []string{"a tie"},
		},
		"alone": {Instances: []FailoverInstance{{Name: "VI_1", Holder: "lb1", Cases: []FailoverCase{lost}}}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "failover-"+name, func(w io.Writer) error { return FailoverText(w, f, wide) })
		})
	}
}

func TestHistoryText(t *testing.T) {
	entries := []Entry{
		{Generation: 15, At: before(5 * time.Minute), Request: "reload", By: "anna", Outcome: "rolled back", Took: 6.2, Reason: "the new worker did not start"},
		{Generation: 14, At: before(2 * time.Hour), Request: "reload", By: "anna", Outcome: "live", Took: 0.4, Installed: true},
		{Generation: 13, At: before(3 * time.Hour), Request: "reload", By: "an edit of /etc/lbsup/lbsup.yaml", Outcome: "rejected", Reason: "haproxy -c refused it"},
		{Generation: 1, At: before(12 * day), Request: "reload", Outcome: "found"},
	}
	golden(t, "history", func(w io.Writer) error { return HistoryText(w, entries, now, wide) })
	golden(t, "history-empty", func(w io.Writer) error { return HistoryText(w, nil, now, wide) })
}

func TestAbout(t *testing.T) {
	for _, row := range []struct {
		d    time.Duration
		want string
	}{
		{-time.Hour, "0s"}, {0, "0s"}, {999 * time.Millisecond, "0s"}, {119 * time.Second, "119s"}, {2 * time.Minute, "2min"},
		{119 * time.Minute, "119min"}, {2 * time.Hour, "2h"}, {47 * time.Hour, "47h"}, {48 * time.Hour, "2d"}, {1000 * day, "1000d"},
	} {
		if got := about(row.d); got != row.want {
			t.Errorf("about(%v) = %q, want %q", row.d, got, row.want)
		}
	}
}

// Whatever a daemon says, the screen stays whole.
func FuzzText(f *testing.F) {
	f.Add("plain", 80, true)
	f.Add("\x1b[2J\r\n\u202e", 20, false)
	f.Add("wörd wörd", 1, true)
	f.Fuzz(func(t *testing.T, foreign string, width int, unicode bool) {
		s := serverDown()
		s.Cluster, s.Node, s.Version = foreign, foreign, foreign
		s.Instances[0].Name, s.Instances[0].Why, s.Instances[0].Reason = foreign, foreign, foreign
		s.Checks[0].Name, s.Checks[0].Health, s.Checks[0].Reason = foreign, foreign, foreign
		s.Services[0].Name, s.Services[0].Pools[0].Servers[0].Detail = foreign, foreign
		s.Services[0].Mode, s.HAProxy.Active, s.Instances[0].State = foreign, foreign, foreign
		s.Change.Output, s.Change.Notes, s.Change.Request, s.Change.Outcome = foreign, []string{foreign}, foreign, Outcome(foreign)
		s.Findings[0].What, s.Findings[0].Hint = foreign, foreign
		var out bytes.Buffer
		if err := Text(&out, s, Style{Width: width, Unicode: unicode}); err != nil {
			t.Fatal(err)
		}
		for _, r := range out.String() {
			if r != '\n' && (r < ' ' || r == '\u202e' || r == '\u009b') || !unicode && r > '~' {
				t.Fatalf("the character %q got through", r)
			}
		}
	})
}
