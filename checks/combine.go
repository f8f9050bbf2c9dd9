package checks

import (
	"strings"
	"time"
)

// Combine answers a check that asks other checks. KindAny is as well as its best part, KindAll as its worst; between
// the two stand doubt and, less telling still, not knowing. Stale parts count as stale, and a part without a verdict
// as Unknown. The result is as fresh as now, because every part was judged now.
func Combine(def Definition, verdicts []Verdict, now time.Time) Result {
	rank := worst
	if def.Probe.Kind == KindAny {
		rank = best
	}
	result := Result{Check: def.Name, At: now}
	reasons := make([]string, 0, len(def.Probe.Of))
	for i, name := range def.Probe.Of {
		part := Stale(find(verdicts, name), now)
		reasons = append(reasons, name+": "+part.Health.String()+", "+part.Reason)
		if i == 0 || rank(part.Health) > rank(result.Health) {
			result.Health = part.Health
		}
	}
	result.Reason = Line(strings.Join(reasons, "; "))
	return result
}

func find(verdicts []Verdict, name string) Verdict {
	for _, v := range verdicts {
		if v.Check == name {
			return v
		}
	}
	return Verdict{Check: name, Reason: "no verdict yet"}
}

// worst orders what is known for KindAll: the highest rank decides.
func worst(h Health) int {
	return map[Health]int{Healthy: 0, Unknown: 1, Doubtful: 2, Failed: 3}[h]
}

// best orders it for KindAny.
func best(h Health) int {
	return map[Health]int{Failed: 0, Unknown: 1, Doubtful: 2, Healthy: 3}[h]
}
