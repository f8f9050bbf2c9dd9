package probe

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

// servers is an HAProxy with these backends.
type servers map[string]Count

func (s servers) Count(_ context.Context, backends []string) []Count {
	counts := make([]Count, len(backends))
	for i, backend := range backends {
		counts[i] = s[backend]
	}
	return counts
}

func backendChecks(names ...string) []checks.Definition {
	var defs []checks.Definition
	for _, name := range names {
		defs = append(defs, checks.Definition{
			Name: "c-" + name, Interval: time.Second, Timeout: 300 * time.Millisecond, Probe: checks.Probe{Kind: checks.KindBackend, Backend: name},
		})
	}
	return defs
}

func TestBackends(t *testing.T) {
	has := servers{"some": {Up: 2, Total: 3}, "none": {Total: 3}, "empty": {}, "mute": {Up: 1, Err: errors.New("no runtime API")}}
	round, err := Backends(backendChecks("none", "some", "empty", "mute"), has)
	if err != nil {
		t.Fatal(err)
	}
	want := []checks.Result{
		sure(failed("none of 3 servers of none is up")),
		sure(healthy("2 of 3 servers of some are up")),
		failed("HAProxy knows no servers of empty"),
		doubtful("cannot ask HAProxy about mute: no runtime API"),
	}
	if diff := cmp.Diff(want, round(t.Context())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBackendsRefuse(t *testing.T) {
	want := `cannot probe check "c-": there is no backend to ask about, or nobody to ask`
	if _, err := Backends(backendChecks("a", ""), servers{}); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	want = `cannot probe check "c-a": there is no backend to ask about, or nobody to ask`
	if _, err := Backends(backendChecks("a"), nil); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// wedged answers once in time, and then too late.
type wedged struct{ asked int }

func (w *wedged) Count(ctx context.Context, backends []string) []Count {
	if w.asked++; w.asked > 1 {
		time.Sleep(500 * time.Millisecond) // the bubble's time
	}
	return []Count{{Up: 1, Total: 1}, {Total: 1}}
}

// One question answers all of them, each interval; when it is not answered in time, all are in doubt.
func TestRunTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		defs, w := backendChecks("a", "b"), &wedged{}
		round, err := Backends(defs, w)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), offset(defs[0])+1800*time.Millisecond)
		defer cancel()
		start := time.Now().Add(offset(defs[0]))
		var got [][]checks.Result
		if err := RunTogether(ctx, defs, round, nil, func(results []checks.Result) { got = append(got, results) }); err != nil {
			t.Fatal(err)
		}
		late := checks.Result{Health: checks.Doubtful, Reason: "no answer within 300ms", At: start.Add(1300 * time.Millisecond), Took: 300 * time.Millisecond}
		want := [][]checks.Result{
			{{Check: "c-a", Health: checks.Healthy, Sure: true, Reason: "1 of 1 servers of a are up", At: start}, {Check: "c-b", Health: checks.Failed, Sure: true, Reason: "none of 1 servers of b is up", At: start}},
			{late, late},
		}
		want[1][0].Check, want[1][1].Check = "c-a", "c-b"
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		time.Sleep(time.Second) // the bubble's time, until the late one has ended
		synctest.Wait()
		if w.asked != 2 {
			t.Errorf("asked %d times, want twice", w.asked)
		}
	})
}
