package supervisor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestRecordsAreRemembered(t *testing.T) {
	r := records{dir: t.TempDir()}
	change := status.Change{Request: "reload", By: "alice", Generation: 4, Outcome: status.Live}
	if err := r.Keep(change, state.Running{Generation: 3, MainPID: 200}); err != nil {
		t.Fatal(err)
	}
	got, ok := r.Change(4)
	if diff := cmp.Diff(change, got); !ok || diff != "" {
		t.Errorf("change (-want +got):\n%s", diff)
	}
	if k := r.Keepalived(); k != (state.Running{Generation: 3, MainPID: 200}) {
		t.Errorf("keepalived: %+v", k)
	}
	if _, ok := r.Change(5); ok {
		t.Error("a change that was never kept is remembered")
	}
}

func TestRecordsAreBounded(t *testing.T) {
	r := records{dir: t.TempDir()}
	for n := 1; n <= keptRecords+20; n++ {
		if err := r.Keep(status.Change{Generation: n}, state.Running{}); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(r.dir, "*"))
	if err != nil || len(kept) != keptRecords+1 {
		t.Errorf("%d files are kept, want %d changes and what keepalived runs (%v)", len(kept), keptRecords, err)
	}
}

func TestDamagedRecordIsNoRecord(t *testing.T) {
	r := records{dir: t.TempDir()}
	for _, name := range []string{"change-4.json", "keepalived.json"} {
		if err := os.WriteFile(filepath.Join(r.dir, name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := r.Change(4); ok {
		t.Error("half a record counts as one")
	}
	if k := r.Keepalived(); k != (state.Running{}) {
		t.Errorf("keepalived: %+v", k)
	}
}

func TestRecordThatCannotBeKeptSaysSo(t *testing.T) {
	r := records{dir: filepath.Join(t.TempDir(), "absent")}
	if err := r.Keep(status.Change{Generation: 4}, state.Running{}); err == nil {
		t.Error("no error from a directory that is not there")
	}
}

func TestUnprovenChangeIsKept(t *testing.T) {
	r := records{dir: t.TempDir()}
	if got := r.Unproven(); got.Installed != 0 {
		t.Errorf("a fresh directory promises %+v", got)
	}
	want := state.Unproven{Installed: 4, GoBack: 3, Served: []string{"web"}, Change: status.Change{Request: "reload", By: "alice"}}
	if err := r.Promise(want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, r.Unproven()); diff != "" {
		t.Errorf("unproven (-want +got):\n%s", diff)
	}
}

func TestPendingConfirmationIsRememberedAndForgotten(t *testing.T) {
	r := records{dir: t.TempDir()}
	if got := r.Pending(); got.Generation != 0 {
		t.Errorf("a fresh directory remembers %+v", got)
	}
	want := state.Pending{Generation: 4, GoBack: 3, Until: noon, Change: status.Change{Request: "reload", By: "alice"}}
	if err := r.Remember(want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, r.Pending()); diff != "" {
		t.Errorf("pending (-want +got):\n%s", diff)
	}
	if err := r.Remember(state.Pending{}); err != nil || r.Pending().Generation != 0 {
		t.Errorf("it was not forgotten: %+v, %v", r.Pending(), err)
	}
}

func TestWhoMadeAGenerationIsNotForgotten(t *testing.T) {
	r := records{dir: t.TempDir()}
	made := status.Change{Generation: 4, Request: "reload", By: "alice", Outcome: status.Live}
	for _, c := range []status.Change{
		made,
		{Generation: 4, Request: "reload", By: "bob", Outcome: status.Unchanged},
		{Generation: 4, Request: state.Resume, By: "lbsup", Outcome: status.Broken},
	} {
		if err := r.Keep(c, state.Running{}); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := r.Change(4)
	if diff := cmp.Diff(made, got); diff != "" {
		t.Errorf("generation 4 (-want +got):\n%s", diff)
	}
}

func TestTakenBackChangeIsTwoLinesOfHistory(t *testing.T) {
	got := recorded(state.Record{Change: status.Change{Request: "reload", Generation: 4, Outcome: status.RolledBack}, Restored: 5})
	want := []status.Change{
		{Request: "reload", Generation: 4, Outcome: status.RolledBack},
		{Request: "rollback", By: "lbsup", Generation: 5, Outcome: status.Live, Effects: []string{"took back generation 4"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}
