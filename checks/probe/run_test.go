package probe

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

var second = checks.Definition{Name: "c", Interval: time.Second, Timeout: 900 * time.Millisecond}

// during runs a check for a while in a bubble's time and returns its results; At is counted from the first question.
func during(t *testing.T, def checks.Definition, length time.Duration, f Func) (results []string) {
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), offset(def)+length)
	defer cancel()
	err := Run(ctx, def, f, nil, func(r checks.Result) {
		if r.Check != def.Name {
			t.Errorf("a result of check %q", r.Check)
		}
		results = append(results, fmt.Sprintf("%v: %v, %s, took %v", r.At.Sub(start)-offset(def), r.Health, r.Reason, r.Took))
	})
	if err != nil {
		t.Errorf("got %v from a run that was told to end", err)
	}
	return results
}

// after is a probe that finds something after a while, or ends with its context.
func after(length time.Duration, found checks.Result) Func {
	return func(ctx context.Context) checks.Result {
		if !wait(ctx, time.After(length), nil) {
			return doubtful("told to end")
		}
		return found
	}
}

func TestRun(t *testing.T) {
	for _, tc := range []struct {
		name   string
		f      Func
		length time.Duration
		want   []string
	}{
		{"from start to start", after(300*time.Millisecond, healthy("ok")), 2500 * time.Millisecond,
			[]string{"300ms: healthy, ok, took 300ms", "1.3s: healthy, ok, took 300ms", "2.3s: healthy, ok, took 300ms"}},
		{"too slow", after(5*time.Second, healthy("ok")), 2500 * time.Millisecond,
			[]string{"900ms: in doubt, no answer within 900ms, took 900ms", "1.9s: in doubt, no answer within 900ms, took 900ms"}},
		{"what is found while stopping is not told", after(500*time.Millisecond, failed("no")), 1200 * time.Millisecond,
			[]string{"500ms: failed, no, took 500ms"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				if diff := cmp.Diff(tc.want, during(t, second, tc.length, tc.f)); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// TestRunWithAProbeThatHangs has a probe that ignores its context for a while: no second one is started beside it.
func TestRunWithAProbeThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		running, started := 0, 0
		f := func(context.Context) checks.Result {
			if running++; running > 1 {
				t.Error("two probes at once")
			}
			started++
			if started == 1 {
				time.Sleep(2200 * time.Millisecond) // the bubble's time
			}
			running--
			return healthy("ok")
		}
		want := []string{
			"900ms: in doubt, no answer within 900ms, took 900ms",
			"1.9s: in doubt, an earlier question still waits for its answer, took 900ms",
			"2.2s: healthy, ok, took 200ms",
			"3s: healthy, ok, took 0s",
		}
		if diff := cmp.Diff(want, during(t, second, 3500*time.Millisecond, f)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestRunRefuses(t *testing.T) {
	for _, tc := range []struct {
		name              string
		interval, timeout time.Duration
		want              string
	}{
		{"no interval", 0, time.Second, `cannot run check "c": got interval 0s and timeout 1s, want both above zero`},
		{"no timeout", time.Second, 0, `cannot run check "c": got interval 1s and timeout 0s, want both above zero`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := Run(t.Context(), checks.Definition{Name: "c", Interval: tc.interval, Timeout: tc.timeout}, nil, nil, nil)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestOffsetSpreads(t *testing.T) {
	tenths := map[time.Duration]int{}
	for i := range 50 {
		def := checks.Definition{Name: fmt.Sprintf("check-%d", i), Interval: 30 * time.Second}
		got := offset(def)
		if got < 0 || got >= time.Second || got != offset(def) {
			t.Fatalf("offset of %s: got %v, want one below a second, always the same", def.Name, got)
		}
		tenths[got.Truncate(100*time.Millisecond)]++
	}
	for tenth, n := range tenths {
		if n > 15 {
			t.Errorf("%d of 50 checks start in the same tenth of a second, %v", n, tenth)
		}
	}
	if got := offset(checks.Definition{Name: "check-1", Interval: 20 * time.Millisecond}); got >= 20*time.Millisecond {
		t.Errorf("got %v, want it within the interval", got)
	}
}

func TestRunLooksAgainWhenTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		again := make(chan struct{}, 1)
		ctx, cancel := context.WithTimeout(t.Context(), offset(second)+1500*time.Millisecond)
		defer cancel()
		start := time.Now().Add(offset(second))
		time.AfterFunc(offset(second)+300*time.Millisecond, func() { again <- struct{}{} })
		var at []time.Duration
		err := Run(ctx, second, func(context.Context) checks.Result { return healthy("ok") }, again, func(r checks.Result) { at = append(at, r.At.Sub(start)) })
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]time.Duration{0, 300 * time.Millisecond, time.Second}, at); diff != "" {
			t.Errorf("questions (-want +got):\n%s", diff)
		}
	})
}
