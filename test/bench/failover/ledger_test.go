package failover

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// book is a ledger whose rows and lines can be read.
func book(t *testing.T, p Plan) (l *ledger, rows map[string]result.Row, lines *strings.Builder) {
	t.Helper()
	rows, lines = map[string]result.Row{}, &strings.Builder{}
	p.Progress = lines
	p.Save = func(row result.Row) error { rows[row.Subject+" "+row.Bench] = row; return nil }
	return newLedger(p), rows, lines
}

var oneCase = []Case{{Name: "fire", Opponents: true}}

// The labs of a subject share out its runs, and what they measure is one row.
func TestLedgerSharesRuns(t *testing.T) {
	l, rows, lines := book(t, Plan{Subjects: []pair.Subject{subject(t, pair.Lbsup), subject(t, pair.Documented)}, Cases: oneCase, Runs: 2, Labs: 6})
	s := l.of(subject(t, pair.Documented))[0]
	for i, want := range []bool{true, true, false} {
		if got := l.take(s); got != want {
			t.Fatalf("run %d can be taken: got %v, want %v", i+1, got, want)
		}
	}
	l.add(s, Reading{Outage: 7, Takeover: 5}, time.Second)
	l.giveBack(s)
	if !l.take(s) {
		t.Error("a run that was given back is not there")
	}
	l.add(s, Reading{Outage: never}, time.Second)
	got := rows[pair.Documented+" failover"]
	if diff := cmp.Diff([]result.Number{7, result.Never()}, got.Raw); diff != "" || got.N != 2 || got.Case != "fire" || !got.Began.Equal(l.began) {
		t.Errorf("(-want +got):\n%s%+v", diff, got)
	}
	if moved := rows[pair.Documented+" takeover"]; moved.N != 1 || moved.Limit != 0 || got.Limit != 60_000 {
		t.Errorf("got %+v beside %+v", moved, got)
	}
	if want := "bench: systemctl-is-active  fire                       2/2  silent never "; !strings.Contains(lines.String(), want) {
		t.Errorf("got %q, want a line with %q", lines, want)
	}
	if err := l.outcome(); err == nil || err.Error() != "lbsup: fire: measured 0 times, want 2" {
		t.Errorf("got %v", err)
	}
}

func TestLedgerKeepsProblems(t *testing.T) {
	l, _, lines := book(t, Plan{})
	l.problem(nil)
	l.problem(errors.New("the plug was pulled"))
	if err := l.outcome(); err == nil || err.Error() != "the plug was pulled" || lines.String() != "bench: the plug was pulled\n" {
		t.Errorf("got %v, and %q", err, lines)
	}
	l.plan.Save = func(result.Row) error { return errors.New("the disk is full") }
	l.add(&series{values: map[Quantity][]float64{}}, Reading{Outage: 1}, 0)
	if err := l.outcome(); err == nil || !strings.HasSuffix(err.Error(), "\nthe disk is full") {
		t.Errorf("got %v", err)
	}
}

// lbsup comes first, and then the others at the same time: the slowest of them says how long that takes.
func TestLeft(t *testing.T) {
	all := []pair.Subject{subject(t, pair.Lbsup), subject(t, pair.Documented), subject(t, "track-process")}
	l, _, _ := book(t, Plan{Subjects: all, Cases: oneCase, Runs: 12, Labs: 6})
	lbsup, other := l.series[0], l.series[1]
	others := 2 * other.subject.Guess
	if want := 6*lbsup.subject.Guess + others; l.left() != want {
		t.Errorf("at first: got %v, want %v", l.left(), want)
	}
	l.add(lbsup, Reading{}, 20*time.Minute)
	if want := 11*10*time.Minute + others; l.left() != want {
		t.Errorf("lbsup is slow: got %v, want %v", l.left(), want)
	}
	for range 11 {
		l.add(lbsup, Reading{}, 0)
	}
	l.add(other, Reading{}, 12*time.Minute)
	if want := "about 22 min left"; remaining(l.left()) != want {
		t.Errorf("one is done: got %q, want %q", remaining(l.left()), want)
	}
	if want := "less than a minute left"; remaining(0) != want {
		t.Errorf("at the end: got %q, want %q", remaining(0), want)
	}
}
