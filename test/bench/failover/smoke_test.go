package failover

import (
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/pairtest"
	"github.com/lbsup/lbsup/test/bench/result"
)

// smoke runs a small benchmark and returns its rows.
func smoke(t *testing.T, plan Plan, subjects, cases []string) []result.Row {
	t.Helper()
	plan.Setup = pairtest.Setup(t)
	plan.Progress = t.Output()
	path := filepath.Join(t.TempDir(), "failover.jsonl")
	plan.Save = func(row result.Row) error { return result.Put(path, row) }
	var err error
	if plan.Subjects, err = pair.Choose(subjects); err != nil {
		t.Fatal(err)
	}
	if plan.Cases, err = ChooseCases(cases); err != nil {
		t.Fatal(err)
	}
	if err := plan.Run(t.Context()); err != nil {
		t.Error(err)
	}
	rows, err := result.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The benchmark runs and gives numbers. How large they are is not a test's business, except where nothing at all may happen.
func TestSmoke(t *testing.T) {
	rows := smoke(t, Plan{Runs: 2, Labs: 6}, []string{pair.Lbsup, "killall-0"},
		[]string{"kill-9-haproxy", "lbsup-killed", "lbsup-restart-100"})
	n := map[string]int{}
	for _, row := range rows {
		t.Logf("%s %s: %v %s", row.Subject, row.Case, row.Raw, row.Unit)
		n[row.Subject+" "+row.Case+" "+row.Unit] = row.N
		if row.Unit == result.Milliseconds && row.Max.IsNever() {
			t.Errorf("%s %s: no answer came back", row.Subject, row.Case)
		}
		if row.Unit != result.Milliseconds && row.Max != 0 {
			t.Errorf("%s %s: got %v %s, want none", row.Subject, row.Case, row.Raw, row.Unit)
		}
	}
	for key, want := range map[string]int{
		"lbsup kill-9-haproxy ms": 2, "killall-0 kill-9-haproxy ms": 2,
		"lbsup lbsup-killed moves": 2, "lbsup lbsup-killed failed checks": 2, "lbsup lbsup-restart-100 failed requests": 2,
	} {
		if n[key] != want {
			t.Errorf("%s: got %d runs, want %d", key, n[key], want)
		}
	}
}
