package checks

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// at returns the moment n seconds after noon.
func at(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }

// feed gives a tracker one result a second and returns the verdicts that followed, and at which results it changed.
func feed(rise, fall int, results ...Result) (verdicts []Verdict, changed []bool) {
	tracker := NewTracker(Definition{Name: "c", Rise: rise, Fall: fall, Interval: time.Second})
	for i, r := range results {
		r.At = at(i)
		var c bool
		tracker, c = tracker.Next(r)
		verdicts, changed = append(verdicts, tracker.Verdict()), append(changed, c)
	}
	return verdicts, changed
}

func TestTracker(t *testing.T) {
	good := Result{Health: Healthy, Reason: "ok"}
	slow := Result{Health: Doubtful, Reason: "slow"}
	dead := Result{Health: Failed, Reason: "refused"}
	gone := Result{Health: Failed, Reason: "gone", Sure: true}
	nothing := Result{Health: Unknown, Reason: "?"}

	for _, tc := range []struct {
		name       string
		rise, fall int
		results    []Result
		want       Verdict
		changed    []bool
	}{
		{"nobody has looked", 2, 2, nil, Verdict{Reason: "nobody has looked yet"}, nil},
		{"an unknown result tells nothing", 2, 2, []Result{nothing},
			Verdict{Reason: "nobody has looked yet"}, []bool{false}},
		{"an unknown result leaves a verdict alone", 1, 1, []Result{good, nothing},
			Verdict{Health: Healthy, Reason: "ok", Since: at(0), At: at(0)}, []bool{true, false}},
		{"the first result decides, good", 3, 3, []Result{good},
			Verdict{Health: Healthy, Reason: "ok", Since: at(0), At: at(0)}, []bool{true}},
		{"the first result decides, bad", 3, 3, []Result{dead},
			Verdict{Health: Failed, Reason: "refused", Since: at(0), At: at(0)}, []bool{true}},
		{"one bad result is not believed", 2, 3, []Result{good, dead},
			Verdict{Health: Healthy, Reason: "refused (1 of 3 before it counts)", Since: at(0), At: at(1)}, []bool{true, false}},
		{"fall bad ones in a row are", 2, 3, []Result{good, dead, dead, dead},
			Verdict{Health: Failed, Reason: "refused", Since: at(3), At: at(3)}, []bool{true, false, false, true}},
		{"a good one between starts the row again", 2, 2, []Result{good, dead, good, dead},
			Verdict{Health: Healthy, Reason: "refused (1 of 2 before it counts)", Since: at(0), At: at(3)}, []bool{true, false, false, false}},
		{"doubt and failure count together, the last kind names it", 2, 2, []Result{good, dead, slow},
			Verdict{Health: Doubtful, Reason: "slow", Since: at(2), At: at(2)}, []bool{true, false, true}},
		{"failure after doubt is believed at once", 3, 3, []Result{slow, dead},
			Verdict{Health: Failed, Reason: "refused", Since: at(1), At: at(1)}, []bool{true, true}},
		{"doubt after failure too", 3, 3, []Result{dead, slow},
			Verdict{Health: Doubtful, Reason: "slow", Since: at(1), At: at(1)}, []bool{true, true}},
		{"one good result does not raise", 2, 2, []Result{dead, good},
			Verdict{Health: Failed, Reason: "ok (1 of 2 before it counts)", Since: at(0), At: at(1)}, []bool{true, false}},
		{"rise good ones in a row do", 2, 2, []Result{dead, good, good},
			Verdict{Health: Healthy, Reason: "ok", Since: at(2), At: at(2)}, []bool{true, false, true}},
		{"a bad one between starts that row again", 2, 2, []Result{dead, good, slow, good},
			Verdict{Health: Doubtful, Reason: "ok (1 of 2 before it counts)", Since: at(2), At: at(3)}, []bool{true, false, true, false}},
		{"a sure result waits for nothing", 5, 5, []Result{good, gone},
			Verdict{Health: Failed, Reason: "gone", Since: at(1), At: at(1)}, []bool{true, true}},
		{"a sure good one neither", 5, 5, []Result{dead, {Health: Healthy, Reason: "back", Sure: true}},
			Verdict{Health: Healthy, Reason: "back", Since: at(1), At: at(1)}, []bool{true, true}},
		{"rise and fall of zero mean one", 0, 0, []Result{good, dead, good},
			Verdict{Health: Healthy, Reason: "ok", Since: at(2), At: at(2)}, []bool{true, true, true}},
		{"the same again changes nothing but the moment", 1, 1, []Result{good, good},
			Verdict{Health: Healthy, Reason: "ok", Since: at(0), At: at(1)}, []bool{true, false}},
		{"a reason becomes one line", 1, 1, []Result{{Health: Failed, Reason: "first\nsecond\x1b[31m"}},
			Verdict{Health: Failed, Reason: "first second?[31m", Since: at(0), At: at(0)}, []bool{true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.Check, tc.want.Interval = "c", time.Second
			got := NewTracker(Definition{Name: "c", Interval: time.Second}).Verdict()
			verdicts, changed := feed(tc.rise, tc.fall, tc.results...)
			if len(verdicts) > 0 {
				got = verdicts[len(verdicts)-1]
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.changed, changed); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTrackerIsAValue shows that a tracker which was asked twice answers twice the same.
func TestTrackerIsAValue(t *testing.T) {
	before, _ := NewTracker(Definition{Fall: 2}).Next(Result{Health: Healthy})
	dead := Result{Health: Failed}
	before.Next(dead)
	after, changed := before.Next(dead)
	if changed || after.Verdict().Health != Healthy {
		t.Errorf("got %v, changed %v: the first call left a trace", after.Verdict().Health, changed)
	}
}

// TestTrackerEverySequence compares the tracker with a plain reading of its rules over the whole history, for every
// sequence of six results and every rise and fall up to three.
func TestTrackerEverySequence(t *testing.T) {
	kinds := []Result{{Health: Healthy}, {Health: Doubtful}, {Health: Failed}, {Health: Failed, Sure: true}, {Health: Healthy, Sure: true}}
	const length = 6
	for rise := 1; rise <= 3; rise++ {
		for fall := 1; fall <= 3; fall++ {
			sequence(kinds, length, func(results []Result) {
				verdicts, changed := feed(rise, fall, results...)
				was, since := Unknown, time.Time{}
				for i := range results {
					want := reading(results[:i+1], was, rise, fall)
					if want != was {
						since = at(i)
					}
					got := verdicts[i]
					if got.Health != want || changed[i] != (want != was) || got.Since != since || got.At != at(i) {
						t.Fatalf("rise %d fall %d %v: step %d: got %v since %v changed %v, want %v since %v",
							rise, fall, results, i, got.Health, got.Since, changed[i], want, since)
					}
					was = want
				}
			})
		}
	}
}

// reading is what the rules say after a history of results, in the words of the cluster file.
func reading(history []Result, was Health, rise, fall int) Health {
	last := history[len(history)-1]
	inARow := func(n int, like func(Health) bool) bool {
		for i := range n {
			if i >= len(history) || !like(history[len(history)-1-i].Health) {
				return false
			}
		}
		return true
	}
	isGood := func(h Health) bool { return h == Healthy }
	isBad := func(h Health) bool { return h != Healthy }
	switch {
	case len(history) == 1, last.Sure:
		return last.Health
	case isBad(last.Health) && (isBad(was) || inARow(fall, isBad)):
		return last.Health
	case isGood(last.Health) && inARow(rise, isGood):
		return Healthy
	default:
		return was
	}
}

// sequence calls visit with every sequence of the given length.
func sequence(kinds []Result, length int, visit func([]Result)) {
	results := make([]Result, length)
	var fill func(int)
	fill = func(i int) {
		if i == length {
			visit(results)
			return
		}
		for _, kind := range kinds {
			results[i] = kind
			fill(i + 1)
		}
	}
	fill(0)
}

func TestHolderIsMorePatient(t *testing.T) {
	for _, row := range []struct {
		name    string
		def     Definition
		holding bool
		falls   int // the bad result that ends Healthy
	}{
		{"standby", Definition{Fall: 2, HolderFall: 4}, false, 2},
		{"holder", Definition{Fall: 2, HolderFall: 4}, true, 4},
		{"holder without a word about it", Definition{Fall: 2}, true, 2},
		{"less patience than a standby is none", Definition{Fall: 3, HolderFall: 1}, true, 3},
	} {
		t.Run(row.name, func(t *testing.T) {
			tracker, _ := NewTracker(row.def).Next(Result{Health: Healthy})
			for n := 1; n <= row.falls; n++ {
				var changed bool
				tracker, changed = tracker.Holding(row.holding).Next(Result{Health: Doubtful})
				if changed != (n == row.falls) {
					t.Fatalf("bad result %d: changed is %v", n, changed)
				}
			}
		})
	}
}
