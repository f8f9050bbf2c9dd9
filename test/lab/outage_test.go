package lab

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestNewReport(t *testing.T) {
	zero := time.Unix(1_800_000_000, 0)
	refused := errors.New("refused")
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	good := func(ms int) Sample { return Sample{At: at(ms), From: "control0"} }
	bad := func(ms int) Sample { return Sample{At: at(ms), Err: refused} }

	for _, row := range []struct {
		name    string
		samples []Sample
		failed  int
		outages []Outage
		longest time.Duration
	}{
		{name: "nothing sent"},
		{name: "all well", samples: []Sample{good(0), good(5), good(10)}},
		{
			name:    "an outage spans from the last answer before to the first after",
			samples: []Sample{good(0), bad(5), bad(10), good(15), good(20)},
			failed:  2, longest: 15 * time.Millisecond,
			outages: []Outage{{From: at(0), To: at(15), Failed: 2, Err: refused}},
		},
		{
			name:    "two outages",
			samples: []Sample{good(0), bad(5), good(10), bad(15), bad(20), bad(25), good(30)},
			failed:  4, longest: 20 * time.Millisecond,
			outages: []Outage{{From: at(0), To: at(10), Failed: 1, Err: refused}, {From: at(10), To: at(30), Failed: 3, Err: refused}},
		},
		{
			name:    "silent from the beginning to the end",
			samples: []Sample{bad(0), bad(5)},
			failed:  2, longest: 5 * time.Millisecond,
			outages: []Outage{{From: at(0), To: at(5), Failed: 2, Err: refused}},
		},
		{
			name:    "answers arrive out of order",
			samples: []Sample{good(15), bad(5), good(0)},
			failed:  1, longest: 15 * time.Millisecond,
			outages: []Outage{{From: at(0), To: at(15), Failed: 1, Err: refused}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := NewReport(row.samples)
			want := Report{Sent: len(row.samples), Failed: row.failed, Outages: row.outages}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Report{}, "Samples"), cmpopts.EquateErrors()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Longest() != row.longest {
				t.Errorf("longest outage: got %v, want %v", got.Longest(), row.longest)
			}
		})
	}
}

func TestReportSinceAndUntil(t *testing.T) {
	zero := time.Unix(1_800_000_000, 0)
	r := NewReport([]Sample{
		{At: zero, Err: errors.New("refused")},
		{At: zero.Add(time.Second), From: "control0"},
		{At: zero.Add(2 * time.Second), From: "control1"},
	})
	if diff := cmp.Diff(map[string]int{"control0": 1, "control1": 1}, r.Since(zero.Add(time.Second)).Answered()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"control0": 1}, r.Until(zero.Add(2*time.Second)).Answered()); diff != "" {
		t.Errorf("until then (-want +got):\n%s", diff)
	}
	if want := "3 requests, 1 failed; silent for 1000 ms (refused)"; r.String() != want {
		t.Errorf("got %q, want %q", r, want)
	}
}
