package failover

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/lbsup/lbsup/test/bench/pair"
)

// crew is labs without hosts, in each of which a run is a call.
func crew(t *testing.T, labs int, runs int, strike func(lab int) error) (*ledger, []*worker) {
	t.Helper()
	c := Case{Name: "fire", Opponents: true}
	l, _, _ := book(t, Plan{Subjects: []pair.Subject{subject(t, pair.Documented)}, Cases: []Case{c}, Runs: runs, Labs: labs})
	var workers []*worker
	for i := range labs {
		workers = append(workers, &worker{subject: subject(t, pair.Documented), ledger: l, once: func(context.Context, *series) (Reading, error) { return Reading{Outage: float64(i)}, strike(i) }})
	}
	return l, workers
}

var errFire = errors.New("the fire went out")

// A lab in which nothing can be measured gives up after a few attempts, and the others do its runs.
func TestOneBrokenLab(t *testing.T) {
	l, workers := crew(t, 2, 5, func(lab int) error {
		if lab == 0 {
			return errFire
		}
		return nil
	})
	for _, w := range workers {
		w.run(t.Context())
	}
	s := l.series[0]
	if s.done != 5 || slices.Contains(s.values[Outage], 0) {
		t.Errorf("got %d runs: %v", s.done, s.values)
	}
	if err := l.outcome(); err == nil || err.Error() != "systemctl-is-active: fire: the fire went out\nthe fire went out" {
		t.Errorf("got %v", err)
	}
}

// A run that fails once is done again.
func TestOneFailedRun(t *testing.T) {
	failed := false
	l, workers := crew(t, 1, 3, func(int) error {
		if !failed {
			failed = true
			return errFire
		}
		return nil
	})
	workers[0].run(t.Context())
	if l.series[0].done != 3 || len(l.problems) != 1 {
		t.Errorf("got %d runs, %v", l.series[0].done, l.problems)
	}
}

// Where nothing can be measured anywhere, the benchmark ends and says so.
func TestAllBroken(t *testing.T) {
	l, workers := crew(t, 2, 30, func(int) error { return errFire })
	for _, w := range workers {
		w.run(t.Context())
	}
	want := "systemctl-is-active: fire: the fire went out\nthe fire went out\n"
	if err := l.outcome(); err == nil || err.Error() != want+want+"systemctl-is-active: fire: measured 0 times, want 30" {
		t.Errorf("got %v", err)
	}
}

// An interrupt ends it before the next run.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	_, workers := crew(t, 1, 30, func(int) error { runs++; cancel(); return nil })
	workers[0].run(ctx)
	if runs != 1 {
		t.Errorf("got %d runs, want 1", runs)
	}
}
