package timeline_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

func said(node string, second int, text string) status.Moment {
	return status.Moment{Time: night.Add(time.Duration(second) * time.Second), Node: node, Kind: status.RoleKind, Text: text}
}

func words(ms []status.Moment) (all []string) {
	for _, m := range ms {
		all = append(all, strings.TrimSuffix(fmt.Sprintf("%02d %s %s: %s", m.Time.Sub(night)/time.Second, m.Node, m.Text, m.Reason), ": "))
	}
	return all
}

func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func TestWeave(t *testing.T) {
	var w timeline.Weave
	if from := w.Since(night); !from.Equal(night) {
		t.Errorf("it begins at %s", from)
	}
	to := night.Add(time.Minute)
	remarks := w.Hear([]status.Recalled{
		{Node: "lb2", Moments: []status.Moment{said("lb2", 11, "a"), said("lb2", 14, "b"), said("lb2", 19, "c")}, Ahead: 10 * time.Second, Within: time.Millisecond},
		{Node: "lb3", Moments: []status.Moment{said("lb3", 2, "d")}, Ahead: time.Millisecond, Within: 2 * time.Millisecond, Cut: true},
		{Node: "lb4", Trouble: "no answer in time"},
	}, night, to)
	same(t, "remarks", []string{
		"60 lb2 the clock of lb2 is 10s ahead of this node's: its lines have the time of this one",
		"02 lb3 lb3 has more on record before this than it tells others: ask there",
		"60 lb4 what lb4 has on record is not shown: no answer in time",
	}, words(remarks))
	same(t, "woven", []string{"00 lb1 x", "01 lb2 a", "02 lb3 d", "03 lb1 y"}, words(w.With([]status.Moment{said("lb1", 0, "x"), said("lb1", 3, "y")})))
	same(t, "the rest", []string{"04 lb2 b", "09 lb2 c"}, words(w.Rest()))
	same(t, "alone", []string{"70 lb1 z"}, words(w.With([]status.Moment{said("lb1", 70, "z")})))
}

// What was told is not told again, what came late is, and a node that comes back is asked for all that it missed to tell.
func TestWeaveGoesOn(t *testing.T) {
	var w timeline.Weave
	hear := func(until int, rs ...status.Recalled) []string {
		to := night.Add(time.Duration(until) * time.Second)
		return words(append(w.Hear(rs, w.Since(night), to), w.Rest()...))
	}
	same(t, "first", []string{"01 lb2 a"}, hear(30, status.Recalled{Node: "lb2", Moments: []status.Moment{said("lb2", 1, "a")}}))
	if from := w.Since(night); !from.Equal(night.Add(20 * time.Second)) {
		t.Errorf("asked again from %s", from)
	}
	again := []status.Moment{said("lb2", 1, "a"), said("lb2", 25, "late"), said("lb2", 31, "b")}
	same(t, "again", []string{"25 lb2 late", "31 lb2 b"}, hear(40, status.Recalled{Node: "lb2", Moments: again}))
	gone := status.Recalled{Node: "lb2", Trouble: "connection refused"}
	same(t, "gone", []string{"50 lb2 what lb2 has on record is not shown: connection refused"}, hear(50, gone))
	same(t, "still gone", nil, hear(60, gone))
	if from := w.Since(night); !from.Equal(night.Add(30 * time.Second)) {
		t.Errorf("after it was gone it is asked from %s", from)
	}
	same(t, "back", []string{"55 lb2 c"}, hear(70, status.Recalled{Node: "lb2", Moments: append(again, said("lb2", 55, "c"))}))
}

func TestSkewed(t *testing.T) {
	for _, row := range []struct {
		r    status.Recalled
		want string
	}{
		{status.Recalled{Node: "lb2", Ahead: time.Second}, ""},
		{status.Recalled{Node: "lb2", Ahead: 1500 * time.Millisecond, Within: time.Second}, ""},
		{status.Recalled{Node: "lb2", Ahead: time.Minute, Trouble: "gone"}, ""},
		{status.Recalled{Node: "lb2", Ahead: -1500 * time.Millisecond}, "the clock of lb2 is 1.5s behind this node's: its lines have the time of this one"},
	} {
		if got := timeline.Skewed(row.r); got != row.want {
			t.Errorf("%+v: got %q, want %q", row.r, got, row.want)
		}
	}
}

// What moved VIPs is told in the words of the node on which it happened.
func TestTheOtherNodeTells(t *testing.T) {
	play := func(name string) []status.Moment {
		for _, i := range incidents {
			if i.name == name {
				return i.play(t).told
			}
		}
		t.Fatalf("there is no incident %s", name)
		return nil
	}
	lost := newStage(t, gateway, second).running(false).wait(600 * time.Millisecond).role("MASTER").well(1)
	at := lost.told[len(lost.told)-1].Time
	for _, row := range []struct {
		name    string
		other   status.Recalled
		because string
		note    string
		from    []string
	}{
		{"HAProxy was killed there", status.Recalled{Moments: play("haproxy-killed")}, "on loadbalancer-1: check haproxy failed: worker process 101 has ended", "", []string{first, second}},
		{"HAProxy hung there", status.Recalled{Moments: play("haproxy-wedged")}, "on loadbalancer-1: check haproxy is in doubt", "", []string{first, second}},
		{"keepalived was killed there", status.Recalled{Moments: play("keepalived-killed")}, "on loadbalancer-1: keepalived.service failed (signal)", "", []string{first, second}},
		{"it is gone", status.Recalled{Trouble: "no answer in time"}, "loadbalancer-1 no longer claims them", "what loadbalancer-1 has on record is not known: no answer in time", []string{second}},
		{"it has nothing to tell", status.Recalled{}, "loadbalancer-1 no longer claims them", "", []string{second}},
		{"it has only followed", status.Recalled{Moments: []status.Moment{{Time: at.Add(-time.Second), Node: first, Kind: status.VIPKind, Subject: vip, Fields: map[string]string{"instance": "VI_1", "here": "false"}}}},
			"loadbalancer-1 no longer claims them", "", []string{second}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.other.Node = first
			if n := len(row.other.Moments); n > 1 { // both stages begin at the same time: the other's is laid beside this one
				shift(row.other.Moments, at.Add(-600*time.Millisecond).Sub(left(t, row.other.Moments)))
			}
			a, err := timeline.Explain(lost.snapshot(), lost.told, vip, timeline.Span{}, row.other)
			if err != nil || !strings.HasPrefix(a.Because, row.because) || a.Note != row.note || a.Node != second {
				t.Errorf("got %+v, %v", a, err)
			}
			var from []string
			for _, m := range a.Chain {
				if len(from) == 0 || from[len(from)-1] != m.Node {
					from = append(from, m.Node)
				}
			}
			same(t, "who tells", row.from, from)
		})
	}
}

func shift(ms []status.Moment, by time.Duration) {
	for i := range ms {
		ms[i].Time = ms[i].Time.Add(by)
	}
}

// left is when VIPs left a node.
func left(t *testing.T, ms []status.Moment) time.Time {
	t.Helper()
	for i := range ms {
		if m := ms[len(ms)-1-i]; m.Kind == status.VIPKind && m.Fields["here"] == "false" {
			return m.Time
		}
	}
	t.Fatal("they did not leave")
	return time.Time{}
}
