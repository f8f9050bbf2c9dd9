package supervisor

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// What went wrong with a change is told with what to do about that very thing, where anybody knows it.
func TestFindingsAboutTheLastChange(t *testing.T) {
	wedged := status.Problem{Message: "its master CLI does not answer", Hint: "restart it"}
	for _, row := range []struct {
		name    string
		outcome status.Outcome
		problem status.Problem
		want    []status.Finding
	}{
		{"live", status.Live, status.Problem{}, nil},
		{"taken back", status.TakenBack, wedged, nil},
		{"refused", status.Refused, status.Problem{Message: "no"}, []status.Finding{warning("mend the cluster file; what runs is untouched", "the last change, reload by alice, was refused: no")}},
		{"rolled back", status.RolledBack, wedged, []status.Finding{warning("restart it", "the last change, reload by alice, was rolled back: its master CLI does not answer")}},
		{"broken", status.Broken, status.Problem{Message: "disk full"}, []status.Finding{failing("`lbsup history` tells more", "the last change, reload by alice, broke: disk full")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			last := status.Change{Request: "reload", By: "alice", Outcome: row.outcome}
			if row.problem.Message != "" {
				last.Problems = []status.Problem{row.problem}
			}
			if diff := cmp.Diff(row.want, changeFindings(state.State{Last: &last})); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
