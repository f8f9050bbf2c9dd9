package supervisor

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// counted are the workers of a census.
func counted(all ...haproxy.Worker) func(context.Context) ([]haproxy.Worker, error) {
	return func(context.Context) ([]haproxy.Worker, error) { return all, nil }
}

func TestOldWorkers(t *testing.T) {
	now := noon
	w := &workers{clock: func() time.Time { return now }}
	w.gave(101)
	w.gave(99) // has ended
	now = noon.Add(2 * time.Minute)
	w.census = counted(
		haproxy.Worker{PID: 103, Age: 2 * time.Minute, Connections: -1}, haproxy.Worker{PID: 101, Old: true, Age: 62 * time.Minute, Connections: 3, Memory: 1 << 20},
		haproxy.Worker{PID: 102, Old: true, Age: 9 * time.Hour, Connections: -1}, haproxy.Worker{PID: 104, Old: true},
	)
	snap := status.Snapshot{Well: true, HAProxy: status.HAProxy{Worker: 104}}
	w.add(t.Context(), &snap)
	want := []status.Worker{{PID: 101, Draining: 120, Connections: 3, Memory: 1 << 20}, {PID: 102, Draining: 3720, Connections: -1}}
	if diff := cmp.Diff(want, snap.HAProxy.Draining); diff != "" {
		t.Errorf("draining (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{101, 102}, snap.HAProxy.OldWorkers); diff != "" {
		t.Errorf("old workers (-want +got):\n%s", diff)
	}
	if _, remembered := w.replaced[99]; remembered {
		t.Errorf("a worker that has ended is remembered: %v", w.replaced)
	}
	finding := []status.Finding{warning("`kill -TERM` ends it with its connections", "HAProxy's old worker 102 was replaced 62 minutes ago and should have ended after hard-stop-after")}
	if diff := cmp.Diff(finding, snap.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// How old a worker is does not tell how long it has been replaced, when nobody saw that.
func TestOldWorkerThatNobodySawReplaced(t *testing.T) {
	serving := func(age time.Duration) haproxy.Worker { return haproxy.Worker{PID: 103, Age: age} }
	old := haproxy.Worker{PID: 101, Old: true, Age: 9 * time.Hour}
	now := noon
	w := &workers{clock: func() time.Time { return now }}
	for _, row := range []struct {
		name  string
		after time.Duration
		all   []haproxy.Worker
		want  time.Duration
	}{
		{"a moment ago", 0, []haproxy.Worker{serving(time.Second), old}, time.Second},
		{"and still there", 40 * time.Minute, []haproxy.Worker{serving(time.Minute), old}, 40*time.Minute + time.Second},
		{"long ago", 0, []haproxy.Worker{serving(40 * time.Minute), {PID: 105, Old: true, Age: 9 * time.Hour}}, 40 * time.Minute},
		{"by one that is old itself", 0, []haproxy.Worker{serving(time.Minute), {PID: 107, Old: true, Age: time.Hour}, {PID: 106, Old: true, Age: 9 * time.Hour}}, time.Hour},
	} {
		now = now.Add(row.after)
		last := row.all[len(row.all)-1].PID
		if got := now.Sub(w.since(row.all)[last]); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}

func TestTooManyOldWorkers(t *testing.T) {
	got := workerFindings(make([]status.Worker, mostOld+1))
	if len(got) != 1 || got[0].What != "11 old workers of HAProxy live on, each with its own memory" {
		t.Errorf("got %+v", got)
	}
	if got := workerFindings(make([]status.Worker, mostOld)); got != nil {
		t.Errorf("got %+v, want nothing", got)
	}
}

func TestSilentMasterSaysNothingOfOldWorkers(t *testing.T) {
	w := &workers{clock: time.Now, census: func(context.Context) ([]haproxy.Worker, error) { return nil, errors.New("silence") }}
	snap := status.Snapshot{}
	w.add(t.Context(), &snap)
	if snap.Findings != nil || snap.HAProxy.Draining != nil {
		t.Errorf("got %+v", snap)
	}
}

// What is called too old here is what the renderer tells HAProxy.
func TestHardStopIsTheRenderedOne(t *testing.T) {
	text, err := os.ReadFile("../test/golden/ocp-ibm-z/loadbalancer-1/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	if want := "hard-stop-after " + strings.TrimSuffix(hardStop.String(), "0s"); !strings.Contains(string(text), want) {
		t.Errorf("haproxy.cfg does not say %q", want)
	}
}
