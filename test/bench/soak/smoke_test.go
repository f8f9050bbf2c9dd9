package soak

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/bench/pairtest"
)

// A minute of what `make soak` does for ten.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes more than a minute")
	}
	outcome, err := Plan{Duration: time.Minute, Setup: pairtest.Setup(t), Progress: t.Output()}.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d reloads, %d questions, %v", outcome.Reloads, outcome.Asked, outcome.Requests)
	if len(outcome.Moves) > 0 {
		t.Errorf("the address moved: %+v", outcome.Moves)
	}
	if outcome.Failed > 0 {
		t.Errorf("%d checks failed: %q", outcome.Failed, outcome.Reasons)
	}
	if outcome.Reloads == 0 || outcome.Asked == 0 || outcome.Requests.Sent == 0 {
		t.Error("nothing was soaked")
	}
}
