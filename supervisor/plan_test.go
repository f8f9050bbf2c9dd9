package supervisor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
)

func TestCompare(t *testing.T) {
	b := builds{haproxy: haproxy.Build{Version: "2.6.12", Major: 2, Minor: 6, TLS: true}, keepalived: keepalived.Build{Version: "2.2.7", Major: 2, Minor: 2, Patch: 7, Auth: true}}
	view := func(text string) *cluster.Local {
		local, err := parse(t, text).Local("loadbalancer-1")
		if err != nil {
			t.Fatal(err)
		}
		return local
	}
	old := strings.ReplaceAll(openshift(t), "compute0.ocp0.sa.boe:80", "10.128.0.20:80")
	line := `      - {name: compute0, address: "10.128.0.20:80"}`
	for _, row := range []struct {
		name, from, to string
		want           []string
	}{
		{"nothing", "x", "x", nil},
		{"a server more", line, line + "\n" + strings.ReplaceAll(line, "0", "9"), []string{"change HAProxy at run time: services.ingress-router-http: server compute9 added (19.128.9.29:89)"}},
		{"a weight", line, strings.Replace(line, "}", ", weight: 7}", 1), []string{"change HAProxy at run time: services.ingress-router-http: server compute0 has weight 7 instead of 1"}},
		{"a VIP", "172.18.100.100/16", "172.18.100.101/16", []string{"reload keepalived: vrrp.instances: VI_1 changed"}},
		{"statistics", "refresh: 10s", "refresh: 20s", []string{"reload HAProxy: stats: refresh changed"}},
		{"a check", "services:\n", "checks:\n  a: {tcp: \"127.0.0.1:80\"}\nservices:\n", []string{"supervise by the new file, no reload: checks changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan, err := compare(view(old), view(strings.Replace(old, row.from, row.to, 1)), b)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range plan.Effects {
				got = append(got, e.What+": "+e.Reason)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("nothing was installed", func(t *testing.T) {
		plan, err := compare(nil, view(old), b)
		if err != nil || len(plan.Effects) != 2 {
			t.Errorf("got %+v, %v", plan, err)
		}
	})
}
