package checks

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCombine(t *testing.T) {
	now := at(10)
	part := func(name string, h Health) Verdict {
		return Verdict{Check: name, Health: h, Reason: "r", At: now, Interval: time.Second}
	}
	for _, tc := range []struct {
		name  string
		kind  Kind
		parts []Verdict
		want  Result
	}{
		{"any, one healthy", KindAny, []Verdict{part("a", Failed), part("b", Healthy)},
			Result{Health: Healthy, Reason: "a: failed, r; b: healthy, r"}},
		{"any, none healthy", KindAny, []Verdict{part("a", Failed), part("b", Doubtful)},
			Result{Health: Doubtful, Reason: "a: failed, r; b: in doubt, r"}},
		{"any, one never asked", KindAny, []Verdict{part("a", Failed)},
			Result{Health: Unknown, Reason: "a: failed, r; b: unknown, no verdict yet"}},
		{"all, all healthy", KindAll, []Verdict{part("b", Healthy), part("a", Healthy), part("other", Failed)},
			Result{Health: Healthy, Reason: "a: healthy, r; b: healthy, r"}},
		{"all, one failed", KindAll, []Verdict{part("a", Healthy), part("b", Failed)},
			Result{Health: Failed, Reason: "a: healthy, r; b: failed, r"}},
		{"all, one never asked", KindAll, []Verdict{part("a", Healthy)},
			Result{Health: Unknown, Reason: "a: healthy, r; b: unknown, no verdict yet"}},
		{"any, the healthy one is stale", KindAny,
			[]Verdict{part("a", Failed), {Check: "b", Health: Healthy, Reason: "r", At: at(0), Interval: time.Second}},
			Result{Health: Doubtful, Reason: "a: failed, r; b: in doubt, stale: last looked 10s ago, at most 3s expected; was healthy: r"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.Check, tc.want.At = "both", now
			def := Definition{Name: "both", Probe: Probe{Kind: tc.kind, Of: []string{"a", "b"}}}
			if diff := cmp.Diff(tc.want, Combine(def, tc.parts, now)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCombineEveryTriple checks the rules that a reader of the cluster file relies on, for every three verdicts.
func TestCombineEveryTriple(t *testing.T) {
	names := []string{"a", "b", "c"}
	combine := func(kind Kind, healths ...Health) Health {
		var verdicts []Verdict
		for i, h := range healths {
			verdicts = append(verdicts, Verdict{Check: names[i], Health: h, At: noon, Interval: time.Second})
		}
		return Combine(Definition{Probe: Probe{Kind: kind, Of: names}}, verdicts, noon).Health
	}
	for code := range 64 {
		h := []Health{Health(code % 4), Health(code / 4 % 4), Health(code / 16)}
		t.Run(fmt.Sprint(h), func(t *testing.T) {
			count := map[Health]int{}
			for _, part := range h {
				count[part]++
			}
			anyOf, allOf := combine(KindAny, h...), combine(KindAll, h...)
			rule := func(text string, holds bool) {
				if !holds {
					t.Errorf("any %v, all %v: %s", anyOf, allOf, text)
				}
			}
			rule("any is healthy when one part is", (anyOf == Healthy) == (count[Healthy] > 0))
			rule("any has failed only when every part has", (anyOf == Failed) == (count[Failed] == 3))
			rule("all is healthy only when every part is", (allOf == Healthy) == (count[Healthy] == 3))
			rule("all has failed when one part has", (allOf == Failed) == (count[Failed] > 0))
			rule("the order of the parts does not matter", anyOf == combine(KindAny, h[2], h[0], h[1]) && allOf == combine(KindAll, h[2], h[0], h[1]))
			rule("nothing is known only when doubt has no say", (anyOf == Unknown) == (count[Unknown] > 0 && count[Healthy]+count[Doubtful] == 0))
		})
	}
}
