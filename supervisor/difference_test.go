package supervisor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDifferences(t *testing.T) {
	for _, row := range []struct {
		name     string
		old, new string
		want     []string
	}{
		{"nothing", "cluster: ocp0", "cluster: ocp0", nil},
		{"a server", `"control2.ocp0.sa.boe:6443"`, `"control3.ocp0.sa.boe:6443"`, []string{"services: api-server changed"}},
		{"a service renamed", "name: ingress-router-http\n", "name: ingress\n", []string{"services: ingress added", "services: ingress-router-http removed"}},
		{"a VIP", "172.18.100.100/16", "172.18.100.101/16", []string{"vrrp.instances: VI_1 changed"}},
		{"statistics", "refresh: 10s", "refresh: 20s", []string{"stats changed"}},
		{"an instance renamed", "name: VI_1", "name: VI_2", []string{"vrrp.instances: VI_2 added", "vrrp.instances: VI_1 removed"}},
		{"the advert interval", "vrrp:\n", "vrrp:\n  advert_interval: 500ms\n", []string{"vrrp changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := openshift(t)
			after := strings.Replace(before, row.old, row.new, 1)
			if row.old != row.new && after == before {
				t.Fatalf("%q is not in the file", row.old)
			}
			if diff := cmp.Diff(row.want, differences(parse(t, before), parse(t, after))); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}
