package timeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

// at is a moment so many milliseconds after the beginning.
func at(ms int, kind status.Kind, subject string, fields ...string) status.Moment {
	m := status.Moment{Time: moment0.Add(time.Duration(ms) * time.Millisecond), Kind: kind, Subject: subject, Text: string(kind) + " of " + subject, Fields: map[string]string{}}
	for i := 0; i < len(fields); i += 2 {
		m.Fields[fields[i]] = fields[i+1]
	}
	return m
}

var moment0 = time.Date(2026, 3, 14, 2, 13, 0, 0, time.UTC)

func TestMoves(t *testing.T) {
	dead := at(0, status.CheckKind, "haproxy", "from", "healthy", "to", "failed")
	lowered := at(0, status.PriorityKind, "VI_1", "from", "253", "to", "0")
	raised := at(0, status.PriorityKind, "VI_1", "from", "0", "to", "253")
	gone := func(ms int) status.Moment {
		return at(ms, status.VIPKind, "192.0.2.10", "instance", "VI_1", "here", "false")
	}
	come := func(ms int) status.Moment {
		return at(ms, status.VIPKind, "192.0.2.10", "instance", "VI_1", "here", "true")
	}
	left := func(ms int, took float64, cause string) status.Move {
		return status.Move{Time: gone(ms).Time, Instance: "VI_1", Known: cause != "", Took: took, Cause: cause}
	}
	came := func(ms int, took float64, cause string) status.Move {
		m := left(ms, took, cause)
		m.Here = true
		return m
	}
	for _, row := range []struct {
		name string
		told []status.Moment
		want []status.Move
	}{
		{"nothing moves", []status.Moment{dead, lowered}, nil},
		{"death", []status.Moment{dead, lowered, gone(20)}, []status.Move{left(20, .02, "check of haproxy")}},
		{"two VIPs of one instance", []status.Moment{dead, gone(20), at(21, status.VIPKind, "192.0.2.11", "instance", "VI_1", "here", "false")},
			[]status.Move{left(20, .02, "check of haproxy")}},
		{"two instances", []status.Moment{dead, gone(20), at(30, status.VIPKind, "192.0.2.99", "instance", "VI_2", "here", "false")},
			[]status.Move{left(20, .02, "check of haproxy"), {Time: gone(30).Time, Instance: "VI_2", Known: true, Took: .03, Cause: "check of haproxy"}}},
		{"keepalived dies", []status.Moment{at(0, status.DaemonKind, "keepalived.service", "from", "active", "to", "failed"), gone(700)},
			[]status.Move{left(700, .7, "daemon of keepalived.service")}},
		{"HAProxy starts again before", []status.Moment{at(0, status.DaemonKind, "haproxy.service", "from", "failed", "to", "active"), gone(700)},
			[]status.Move{left(700, 0, "")}},
		{"no sign", []status.Moment{gone(20)}, []status.Move{left(20, 0, "")}},
		{"a sign of long ago", []status.Moment{dead, gone(60_000)}, []status.Move{left(60_000, 0, "")}},
		{"the first sign counts while it is fresh", []status.Moment{dead, at(100, status.RoleKind, "VI_1", "to", "FAULT"), gone(120)},
			[]status.Move{left(120, .12, "check of haproxy")}},
		{"taking over", []status.Moment{at(0, status.RoleKind, "VI_1", "from", "BACKUP", "to", "MASTER"), come(4)},
			[]status.Move{came(4, .004, "role of VI_1")}},
		{"taking back", []status.Moment{raised, at(600, status.RoleKind, "VI_1", "to", "MASTER"), come(604)},
			[]status.Move{came(604, .604, "priority of VI_1")}},
		{"a reason to take the VIPs of another", []status.Moment{at(0, status.RoleKind, "VI_2", "to", "MASTER"), come(4)}, []status.Move{came(4, 0, "")}},
		{"away and back", []status.Moment{dead, gone(20), raised, come(2000)}, []status.Move{left(20, .02, "check of haproxy"), came(2000, 2, "priority of VI_1")}},
		{"lbsup finds them", []status.Moment{dead, at(20, status.VIPKind, "192.0.2.10", "instance", "VI_1", "here", "true", "found", "true")}, nil},
		{"numbers that are none", []status.Moment{at(0, status.PriorityKind, "VI_1", "from", "x", "to", "253"), come(4)}, []status.Move{came(4, 0, "")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var m timeline.Moves
			var got []status.Move
			for _, one := range row.told {
				if move, ended := m.Next(one); ended {
					got = append(got, move)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
