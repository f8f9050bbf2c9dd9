package cost

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/bench/pairtest"
	"github.com/lbsup/lbsup/test/bench/result"
)

// The benchmark runs and gives numbers; how large they are is not a test's business. That lbsup starts no process while it watches is.
func TestSmoke(t *testing.T) {
	var rows []result.Row
	plan := Plan{Runs: 5, Rest: 200 * time.Millisecond, Quiet: 3 * time.Second, Setup: pairtest.Setup(t), Progress: t.Output()}
	plan.Save = func(row result.Row) error {
		rows = append(rows, row)
		return nil
	}
	if err := plan.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := 3*2 + 2 + 2 + 1; len(rows) != want {
		t.Errorf("got %d rows, want %d", len(rows), want)
	}
	for _, row := range rows {
		t.Logf("%s, %s: %v %s", row.Case, row.Subject, row.Median, row.Unit)
		if row.Unit == result.Processes && row.Max != 0 {
			t.Errorf("%s: got %v, want none", row.Case, row.Max)
		}
	}
}
