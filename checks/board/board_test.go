package board

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

func verdict(name string, h checks.Health) checks.Verdict {
	return checks.Verdict{Check: name, Health: h, Reason: "r", Since: noon, At: noon, Interval: time.Second}
}

func TestAnswer(t *testing.T) {
	never := checks.NewTracker(checks.Definition{Name: "never", Interval: time.Second}).Verdict()
	stale := verdict("web", checks.Doubtful)
	stale.Since, stale.Reason = noon.Add(3*time.Second), "stale: last looked 4s ago, at most 3s expected; was healthy: r"
	for _, tc := range []struct {
		name  string
		check string
		later time.Duration
		want  Answer
	}{
		{"healthy", "web", 0, Answer{Name: "web", Known: true, Healthy: true, Verdict: verdict("web", checks.Healthy)}},
		{"in doubt", "slow", 0, Answer{Name: "slow", Known: true, Verdict: verdict("slow", checks.Doubtful)}},
		{"failed", "dead", 0, Answer{Name: "dead", Known: true, Verdict: verdict("dead", checks.Failed)}},
		{"never looked at", "never", 0, Answer{Name: "never", Known: true, Verdict: never}},
		{"stale", "web", 4 * time.Second, Answer{Name: "web", Known: true, Verdict: stale}},
		{"no such check", "wbe", 0, Answer{Name: "wbe", Verdict: checks.Verdict{Check: "wbe", Reason: `there is no check "wbe"`}}},
		{"no name", "", 0, Answer{Verdict: checks.Verdict{Reason: `there is no check ""`}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b Board
			b.Put([]checks.Verdict{verdict("web", checks.Healthy), verdict("slow", checks.Doubtful), verdict("dead", checks.Failed), never})
			if diff := cmp.Diff(tc.want, b.Answer(tc.check, noon.Add(tc.later))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEmptyBoard(t *testing.T) {
	var b Board
	if got := b.All(noon); len(got) != 0 {
		t.Errorf("got %v from an empty board", got)
	}
	want := Answer{Name: "web", Verdict: checks.Verdict{Check: "web", Reason: `there is no check "web"`}}
	if diff := cmp.Diff(want, b.Answer("web", noon)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPutReplacesAndCopies(t *testing.T) {
	var b Board
	b.Put([]checks.Verdict{verdict("old", checks.Healthy)})
	mine := []checks.Verdict{verdict("b", checks.Healthy), verdict("a", checks.Failed)}
	b.Put(mine)
	mine[0] = verdict("c", checks.Failed)
	want := []Answer{
		{Name: "b", Known: true, Healthy: true, Verdict: verdict("b", checks.Healthy)},
		{Name: "a", Known: true, Verdict: verdict("a", checks.Failed)},
	}
	if diff := cmp.Diff(want, b.All(noon)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b.Answer("old", noon).Known {
		t.Error("a check that is gone is still known")
	}
}

// TestManyReaders puts generations of verdicts while others read: each reading is of one generation, whole.
func TestManyReaders(t *testing.T) {
	var b Board
	generation := func(n int) []checks.Verdict {
		var all []checks.Verdict
		for _, name := range []string{"a", "b", "c"} {
			v := verdict(name, checks.Healthy)
			v.Reason = fmt.Sprint(n)
			all = append(all, v)
		}
		return all
	}
	b.Put(generation(0))
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				all := b.All(noon)
				if len(all) != 3 || all[0].Verdict.Reason != all[2].Verdict.Reason || !b.Answer("b", noon).Healthy {
					t.Errorf("half a generation: %v", all)
					return
				}
			}
		})
	}
	for n := range 2000 {
		b.Put(generation(n))
	}
	close(done)
	readers.Wait()
}
