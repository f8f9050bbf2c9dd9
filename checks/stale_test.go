package checks

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStale(t *testing.T) {
	verdict := func(h Health) Verdict {
		return Verdict{Check: "c", Health: h, Reason: "ok", Since: at(-60), At: at(0), Interval: 250 * time.Millisecond}
	}
	old := func(h Health, since time.Time, reason string) Verdict {
		v := verdict(h)
		v.Health, v.Since, v.Reason = Doubtful, since, reason
		return v
	}
	limit := 750 * time.Millisecond
	for _, tc := range []struct {
		name string
		v    Verdict
		age  time.Duration
		want Verdict
	}{
		{"fresh", verdict(Healthy), 0, verdict(Healthy)},
		{"three intervals old", verdict(Healthy), limit, verdict(Healthy)},
		{"just older", verdict(Healthy), limit + time.Millisecond,
			old(Healthy, at(0).Add(limit), "stale: last looked 751ms ago, at most 750ms expected; was healthy: ok")},
		{"failed is in doubt too", verdict(Failed), 2 * time.Second,
			old(Failed, at(0).Add(limit), "stale: last looked 2s ago, at most 750ms expected; was failed: ok")},
		{"doubt stays doubt, since then", verdict(Doubtful), 2 * time.Second,
			old(Doubtful, at(-60), "stale: last looked 2s ago, at most 750ms expected; was in doubt: ok")},
		{"never looked at", Verdict{Check: "c", Reason: "nobody has looked yet"}, time.Hour, Verdict{Check: "c", Reason: "nobody has looked yet"}},
		{"a clock that was set back", verdict(Healthy), -time.Hour, verdict(Healthy)},
		{"no interval: stale as soon as time passes", Verdict{Health: Healthy, At: at(0)}, time.Millisecond,
			Verdict{Health: Doubtful, At: at(0), Since: at(0), Reason: "stale: last looked 1ms ago, at most 0s expected; was healthy: "}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, Stale(tc.v, at(0).Add(tc.age))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
