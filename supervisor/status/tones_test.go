package status

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

func TestVerdict(t *testing.T) {
	failing, warning := Finding{Severity: Failing}, Finding{Severity: Warning}
	for _, row := range []struct {
		name     string
		well     bool
		findings []Finding
		want     piece
	}{
		{"well", true, nil, piece{"well", good}},
		{"well with a warning", true, []Finding{warning}, piece{"well, 1 warning", warn}},
		{"warnings", false, []Finding{warning, warning}, piece{"not well, 2 warnings", warn}},
		{"failing", false, []Finding{failing}, piece{"not well, 1 failing", bad}},
		{"both", false, []Finding{failing, failing, warning}, piece{"not well, 2 failing, 1 warning", bad}},
		{"for no reason given", false, nil, piece{"not well", warn}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := verdict(Snapshot{Well: row.well, Findings: row.findings}); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestInstanceTone(t *testing.T) {
	here, there := []VIP{{Here: true}}, []VIP{{Here: false}}
	for _, row := range []struct {
		name string
		in   Instance
		want tone
	}{
		{"holds it", Instance{State: "MASTER", Holder: "a", VIPs: here}, good},
		{"stands by", Instance{State: "BACKUP", Holder: "b", VIPs: there}, good},
		{"lowered", Instance{State: "BACKUP", Holder: "b", VIPs: there, Priority: 50, Wanted: 250}, warn},
		{"stands by for nobody known", Instance{State: "BACKUP", VIPs: there}, warn},
		{"in FAULT", Instance{State: "FAULT", Holder: "b", VIPs: there}, bad},
		{"stopped", Instance{State: "STOP", Holder: "b", VIPs: there}, bad},
		{"not known yet", Instance{VIPs: here}, warn},
		{"holds nothing", Instance{State: "MASTER", Holder: "a", VIPs: there}, bad},
		{"left over", Instance{State: "BACKUP", Holder: "b", VIPs: here}, bad},
		{"left over in FAULT", Instance{State: "FAULT", Holder: "b", VIPs: here}, bad},
		{"one of two", Instance{State: "MASTER", Holder: "a", VIPs: append(there, here...)}, bad},
		{"MASTER, but the other one has it", Instance{State: "MASTER", Holder: "b", VIPs: here}, warn},
		{"BACKUP, but it is here", Instance{State: "BACKUP", Holder: "a", VIPs: there}, warn},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := instanceTone("a", row.in); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

// Where a VIP is not where the state says, the line of the VIP itself says so.
func TestMisplacedVIPs(t *testing.T) {
	for _, row := range []struct {
		state string
		here  bool
		want  string
	}{
		{"MASTER", true, "10.0.0.9/24 on eth0"},
		{"MASTER", false, "10.0.0.9/24 on eth0 is missing on this node"},
		{"BACKUP", false, "10.0.0.9/24 on eth0"},
		{"BACKUP", true, "10.0.0.9/24 on eth0 is still on this node"},
		{"FAULT", true, "10.0.0.9/24 on eth0 is still on this node"},
		{"", true, "10.0.0.9/24 on eth0"},
		{"", false, "10.0.0.9/24 on eth0"},
	} {
		var got strings.Builder
		for _, p := range address(VIP{"10.0.0.9/24", "eth0", row.here}, row.state) {
			got.WriteString(p.text)
		}
		if got.String() != row.want {
			t.Errorf("%q, here %v: got %q, want %q", row.state, row.here, got.String(), row.want)
		}
	}
}

func TestCountServers(t *testing.T) {
	for _, row := range []struct {
		states string // of the servers of each pool, pools separated by |
		text   string
		tone   tone
	}{
		{"UP UP", "2 of 2 up", good},
		{"UP DOWN", "1 of 2 up", warn},
		{"DOWN DOWN", "0 of 2 up", bad},
		{"UP|DOWN", "1 of 2 up", bad},
		{"UP|UP DOWN", "2 of 3 up", warn},
		{"no_check no_check", "2 of 2 up", good},
		{"UP_1/3 DOWN_2/3", "1 of 2 up", warn},
		{"MAINT DRAIN UP", "1 of 3 up", warn},
		{"- -", "2 servers, state not known", faint},
		{"- UP", "1 of 2 up", good},
		{"-", "1 server, state not known", faint},
		{"", "", good},
	} {
		t.Run(row.states, func(t *testing.T) {
			c := countServers(withServers(row.states))
			if c.String() != row.text || c.tone() != row.tone {
				t.Errorf("got %q, tone %v; want %q, tone %v", c, c.tone(), row.text, row.tone)
			}
		})
	}
}

// withServers makes a service from words such as in TestCountServers; - stands for a state that is not known.
func withServers(states string) (s Service) {
	for pool := range strings.SplitSeq(states, "|") {
		var p Pool
		for word := range strings.FieldsSeq(pool) {
			p.Servers = append(p.Servers, Server{Name: word, Status: strings.ReplaceAll(strings.Trim(word, "-"), "_", " ")})
		}
		s.Pools = append(s.Pools, p)
	}
	return s
}

func TestManyAbsentServers(t *testing.T) {
	for _, row := range []struct{ down, lines int }{{0, 0}, {1, 1}, {8, 8}, {9, 9}, {10, 9}, {10000, 9}} {
		got := absent(withServers(strings.Repeat("DOWN ", row.down)))
		if len(got) != row.lines {
			t.Errorf("%d servers down: got %d lines, want %d", row.down, len(got), row.lines)
		}
	}
	last := absent(withServers(strings.Repeat("DOWN ", 10000)))[mostAbsent]
	if got := last.cells[0][0].text; got != "and 9992 more" {
		t.Errorf("got %q, want the number of the others", got)
	}
}

func TestUnitState(t *testing.T) {
	for _, row := range []struct {
		active, word string
		tone         tone
	}{
		{"active", "running", good}, {"reloading", "running", good}, {"activating", "starting", warn}, {"deactivating", "stopping", warn},
		{"inactive", "stopped", bad}, {"failed", "failed", bad}, {"maintenance", "maintenance", bad}, {"", "state not known", faint},
	} {
		if word, tone := unitState(Unit{Active: row.active}); word != row.word || tone != row.tone {
			t.Errorf("%q: got %q, %v, want %q, %v", row.active, word, tone, row.word, row.tone)
		}
	}
}

func TestWork(t *testing.T) {
	for _, row := range []struct {
		haproxy HAProxy
		want    string
	}{
		{HAProxy{}, ""},
		{HAProxy{Worker: 7, Connections: 1}, "worker 7, 1 connection"},
		{HAProxy{Worker: 7, OldWorkers: []int{5}}, "worker 7, 0 connections, old worker 5 still serving"},
		{HAProxy{OldWorkers: []int{5, 6}}, "old workers 5 6 still serving"},
		{HAProxy{OldWorkers: []int{5, 6}, Draining: []Worker{{PID: 5, Draining: 130, Connections: 3, Memory: 40 << 20}, {PID: 6, Draining: 4, Connections: -1, Memory: 30 << 20}}},
			"old workers 5 6 still serving 3 connections for 2min with 70 MB"},
	} {
		if got := work(row.haproxy); got != row.want {
			t.Errorf("%+v: got %q, want %q", row.haproxy, got, row.want)
		}
	}
}

func TestSeconds(t *testing.T) {
	for _, row := range []struct {
		s    float64
		want string
	}{{0.04, "0.0s"}, {0.41, "0.4s"}, {9.99, "10.0s"}, {10, "10s"}, {200, "3min"}, {-1, ""}, {1e300, "11574d"}} {
		if got := seconds(row.s); got != row.want {
			t.Errorf("seconds(%v) = %q, want %q", row.s, got, row.want)
		}
	}
	var zero time.Time
	if lasting(zero, now) != "" || ago(zero, now) != "" {
		t.Error("what is not known must not be told as an age")
	}
}

// A long story of a daemon is cut in status, and whole where it is what was asked for.
func TestLongOutput(t *testing.T) {
	c := Change{Outcome: Refused, Output: strings.Repeat("[ALERT] no\n", 30)}
	s := holder()
	s.Change = &c
	for _, row := range []struct {
		name  string
		print func(*bytes.Buffer) error
		alert int
		cut   bool
	}{
		{"status", func(b *bytes.Buffer) error { return Text(b, s, wide) }, mostOutput, true},
		{"change", func(b *bytes.Buffer) error { return ChangeText(b, c, now, wide) }, 30, false},
	} {
		var out bytes.Buffer
		if err := row.print(&out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "| [ALERT] no\n"); got != row.alert {
			t.Errorf("%s: got %d lines of the daemon, want %d", row.name, got, row.alert)
		}
		if got := strings.Contains(out.String(), "| and 22 more lines: lbsup status --json\n"); got != row.cut {
			t.Errorf("%s: says that there is more: %v, want %v", row.name, got, row.cut)
		}
	}
}

func TestChecksText(t *testing.T) {
	var out bytes.Buffer
	if err := ChecksText(&out, Snapshot{}, wide); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "there are no checks until a cluster file is installed\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	golden(t, "checks", func(w io.Writer) error { return ChecksText(w, dead(), wide) })
}
