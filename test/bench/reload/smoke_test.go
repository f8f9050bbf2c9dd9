package reload

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/pairtest"
	"github.com/lbsup/lbsup/test/bench/result"
)

// The benchmark runs and gives numbers; how large they are is not a test's business. What must be zero is: lbsup loses nothing, and adds a server without a
// reload.
func TestSmoke(t *testing.T) {
	var rows []result.Row
	plan := Plan{Reloads: 5, Edits: 2, Added: 1, Servers: []int{1000}, Planned: []int{100}, Setup: pairtest.Setup(t), Progress: t.Output()}
	plan.Save = func(row result.Row) error {
		rows = append(rows, row)
		return nil
	}
	if err := plan.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, row := range rows {
		seen[row.Bench+" of "+row.Subject] = true
		t.Logf("%s, %s: %v %s", row.Case, row.Subject, row.Max, row.Unit)
		if row.N == 0 {
			t.Errorf("%s of %s: nothing was measured", row.Case, row.Subject)
		}
		switch row.Unit {
		case result.FailedRequests, result.BrokenConnections, result.Reloads:
			if row.Subject == pair.Lbsup && row.Max != 0 {
				t.Errorf("%s: got %v %s, want none", row.Case, row.Max, row.Unit)
			}
		case result.Requests:
			if row.Max == 0 {
				t.Errorf("%s of %s: nothing was sent", row.Case, row.Subject)
			}
		}
	}
	for _, want := range []string{"plan-cost of lbsup", "reload of systemctl reload", "reload of lbsup", "edit-live of lbsup", "server-added of lbsup", "server-added of lbsup, by a reload"} {
		if !seen[want] {
			t.Errorf("nothing was measured of %s", strings.Replace(want, " of ", " for ", 1))
		}
	}
}
