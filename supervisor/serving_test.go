package supervisor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	renderhaproxy "github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

func TestServing(t *testing.T) {
	local := installed(t, "loadbalancer-1").Local
	service := local.Services[0]
	backend := renderhaproxy.BackendName(service, service.Pools[0])
	for _, row := range []struct {
		name, status, check string
		up                  bool
		want                checks.Health
		words               string
	}{
		{"well", "UP", "L7OK", true, checks.Healthy, "UP"},
		{"no check", "no check", "", true, checks.Healthy, "no check"},
		{"of one that it tracks", "UP", "", true, checks.Healthy, "UP"},
		{"down as the one that it tracks", "DOWN", "", false, checks.Unknown, "DOWN"},
		{"in maintenance", "MAINT", "", false, checks.Unknown, "MAINT"},
		{"not asked yet", "UP", "INI", true, checks.Unknown, "UP"},
		{"its state came from a file", "DOWN", "UNK", false, checks.Unknown, "DOWN"},
		{"HAProxy has no socket left to ask with", "UP", "SOCKERR", true, checks.Unknown, "UP"},
		{"on its way down", "UP 1/3", "L4CON", true, checks.Failed, "UP 1/3 (L4CON, Connection refused)"},
		{"down", "DOWN", "L7STS", false, checks.Failed, "DOWN (L7STS, Connection refused)"},
	} {
		t.Run(row.name, func(t *testing.T) {
			servers := []haproxy.Server{
				{Backend: backend, Name: "bootstrap", Status: row.status, CheckStatus: row.check, CheckReason: "Connection refused"},
				{Backend: "of somebody else", Name: "bootstrap", Status: "UP"},
			}
			got := serving(local, servers)
			want := state.Server{Target: renderhaproxy.Target{Backend: backend, Server: "bootstrap"}, Up: row.up, Check: row.want, Words: row.words}
			if diff := cmp.Diff([]state.Server{want}, got[service.Name]); diff != "" {
				t.Errorf("servers (-want +got):\n%s", diff)
			}
			if len(got) != len(local.Services) {
				t.Errorf("got %d services, want %d: one without a server is one too", len(got), len(local.Services))
			}
		})
	}
}

func TestClosedFrontends(t *testing.T) {
	local := viewed(t, strings.Replace(openshift(t), "bind: [\"*:80\"]", "bind: [\"*:80\"]\n    disabled: true", 1))
	got := closed(local, []haproxy.Frontend{
		{Name: "open", Status: "OPEN"}, {Name: "by hand", Status: "PAUSED"}, {Name: "stopped", Status: "STOP"}, {Name: "ingress-router-http", Status: "STOP"},
	})
	if diff := cmp.Diff([]string{"stopped"}, got); diff != "" {
		t.Errorf("closed (-want +got):\n%s", diff)
	}
}
