package pair

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestComplaint(t *testing.T) {
	servers := func(states ...string) []status.Service {
		var pool status.Pool
		for _, state := range states {
			pool.Servers = append(pool.Servers, status.Server{Name: "s1", Status: state})
		}
		return []status.Service{{Name: "api", Pools: []status.Pool{pool}}}
	}
	for _, row := range []struct {
		name     string
		snapshot status.Snapshot
		want     string
	}{
		{"well", status.Snapshot{Node: "a", Well: true, Services: servers("UP", "UP 1/3")}, ""},
		{"well after a change", status.Snapshot{Node: "a", Well: true, Change: &status.Change{Outcome: status.Live}}, ""},
		{"not well", status.Snapshot{Node: "a", Findings: []status.Finding{{What: "HAProxy is not running"}}}, "a is not well: HAProxy is not running"},
		{"not well for no reason", status.Snapshot{Node: "a"}, "a is not well and does not say why"},
		{"a change goes on", status.Snapshot{Node: "a", Well: true, Change: &status.Change{Phase: "activating"}}, "a is at work on a change: activating"},
		{"a server is down", status.Snapshot{Node: "a", Well: true, Services: servers("UP", "DOWN")}, `a sees server s1 of api as "DOWN"`},
		{"a server is not known yet", status.Snapshot{Node: "a", Well: true, Services: servers("")}, `a sees server s1 of api as ""`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ""
			if err := Complaint(row.snapshot); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
