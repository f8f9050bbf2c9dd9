package soak

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

func TestQuiet(t *testing.T) {
	for _, row := range []struct {
		name    string
		outcome Outcome
		want    bool
	}{
		{"nothing happened", Outcome{}, true},
		{"requests that fail on a starved machine are the client's", Outcome{Requests: lab.Report{Failed: 3}}, true},
		{"a move", Outcome{Moves: []pair.Move{{}}}, false},
		{"a failed check", Outcome{Failed: 1}, false},
	} {
		if got := row.outcome.Quiet(); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func TestRows(t *testing.T) {
	o := Outcome{Lasted: 60*time.Second + 20*time.Millisecond, Reloads: 60, Failed: 2, Requests: lab.Report{Failed: 3}, Moves: []pair.Move{{}}}
	got := map[string]result.Number{}
	for _, row := range o.Rows(time.Time{}) {
		if row.Case != "1m0s under load, 60 reloads" {
			t.Errorf("got case %q", row.Case)
		}
		got[row.Unit] = row.Max
	}
	want := map[string]result.Number{result.Moves: 1, result.FailedChecks: 2, result.FailedRequests: 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The load ends when it is told to. That writeDisk has no error means that its file is gone.
func TestLoadEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error, 2)
	go func() { done <- writeDisk(ctx) }()
	go func() {
		FillMemory(ctx)
		done <- nil
	}()
	for ctx.Err() == nil {
		if files, _ := filepath.Glob("/var/tmp/lbsup-soak-*"); len(files) > 0 {
			cancel() // it has begun
		}
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
