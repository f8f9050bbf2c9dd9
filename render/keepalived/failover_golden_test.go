package keepalived

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

// TestFailoverGolden wants the whole plan of each cluster as it was read once by a person.
func TestFailoverGolden(t *testing.T) {
	for _, name := range []string{"ocp-ibm-z", "ocp-upi", "ocp-vsphere", "openstack", "web-centos"} {
		t.Run(name, func(t *testing.T) {
			got := planText(clusterFile(t, name))
			path := "../../test/golden/" + name + "/failover.txt"
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func planText(c *cluster.Cluster) string {
	var b strings.Builder
	for _, f := range Failovers(c) {
		fmt.Fprintf(&b, "%s: %s, then %s, which %s\n", f.Instance, f.Holder, f.Next, f.Return)
		for _, one := range f.Cases {
			fmt.Fprintf(&b, "  %s: %s | %s | %s\n", one.Name, one.What, one.Noticed, told(one))
		}
	}
	for _, w := range Warnings(c) {
		fmt.Fprintf(&b, "! %s: %s\n    %s\n", w.Where, w.Text, w.Hint)
	}
	return b.String()
}
