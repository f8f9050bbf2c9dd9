package keepalived

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// TestFailoverOfChecks goes through the kinds of check and what each does.
func TestFailoverOfChecks(t *testing.T) {
	const end = " + track file + 3 adverts 600 ms + skew 4.7 ms + busy host 50 ms + takeover"
	web := defined("web", checks.KindHTTP, time.Second, 900*ms, 2)
	disk := defined("disk", checks.KindExec, 5*time.Second, 4500*ms, 2)
	pool := defined("pool", checks.KindBackend, time.Second, 900*ms, 2)
	both := checks.Definition{Name: "both", Probe: checks.Probe{Kind: checks.KindAll, Of: []string{"web", "disk"}}, Interval: time.Second, HolderFall: 1}
	for _, row := range []struct {
		name    string
		tracked cluster.TrackedCheck
		of      string
		want    string
	}{
		{"lowering", cluster.TrackedCheck{Check: "web", Effect: checks.Lower}, "web-failed", "moves to n0: 2 looks 2000 ms + deadline 900 ms" + end},
		{"by push", cluster.TrackedCheck{Check: "pool", Effect: checks.Lower}, "pool-failed", "moves to n0: notice" + end},
		{"a combination is as slow as its slowest part", cluster.TrackedCheck{Check: "both", Effect: checks.Lower}, "both-failed",
			"moves to n0: 2 looks 10000 ms + deadline 4500 ms" + end},
		{"certain failure", cluster.TrackedCheck{Check: "web", Effect: checks.Fault}, "web-failed",
			"moves to n0: 2 looks 2000 ms + deadline 900 ms + track file + skew 4.7 ms + takeover"},
		{"doubt of a check that faults", cluster.TrackedCheck{Check: "web", Effect: checks.Fault}, "web-doubtful", "moves to n0: 2 looks 2000 ms + deadline 900 ms" + end},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := rated(row.tracked)
			c.Checks = append(c.Checks, web, disk, pool, both)
			if got := told(caseNamed(t, c, row.of)); got != row.want {
				t.Errorf("\n got %s\nwant %s", got, row.want)
			}
		})
	}
}
