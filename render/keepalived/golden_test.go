package keepalived

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

var update = flag.Bool("update", false, "write the golden files")

// goldens are the nodes that have golden files: the first of each cluster and both of one pair.
var goldens = []struct{ cluster, node string }{
	{"ocp-ibm-z", "loadbalancer-1"},
	{"ocp-ibm-z", "loadbalancer-2"},
	{"ocp-upi", "master-0"},
	{"ocp-vsphere", "haproxy-1"},
	{"openstack", "host1"},
	{"web-centos", "lb1.example.net"},
}

func goldenPath(cluster, node string) string {
	return filepath.Join("../../test/golden", cluster, node, "keepalived.conf")
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.cluster+"/"+g.node, func(t *testing.T) {
			got, err := Render(local(t, clusterFile(t, g.cluster), g.node), secrets, installed)
			if err != nil {
				t.Fatal(err)
			}
			path := goldenPath(g.cluster, g.node)
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got.Text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got.Text)); diff != "" {
				t.Errorf("rendered (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGoldensPassKeepalived(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.cluster+"/"+g.node, func(t *testing.T) {
			text, err := os.ReadFile(goldenPath(g.cluster, g.node))
			if err != nil {
				t.Fatal(err)
			}
			code, words := check(t, string(text), interfaces(clusterFile(t, g.cluster))...)
			if code != 0 || words != "" {
				t.Errorf("keepalived -t: exit %d, want 0 and no words\n%s", code, words)
			}
		})
	}
}

func TestBadGoldenFailsKeepalived(t *testing.T) {
	text, err := os.ReadFile("../../test/golden/bad/keepalived.conf")
	if err != nil {
		t.Fatal(err)
	}
	code, words := check(t, string(text), "enc1")
	if code != 5 || !strings.Contains(words, "Unknown keyword 'virtual_routerid'") {
		t.Errorf("keepalived -t: exit %d, want 5 with the keyword that is wrong\n%s", code, words)
	}
}

func TestGoldenFailsWithoutItsInterface(t *testing.T) {
	text, err := os.ReadFile(goldenPath("ocp-ibm-z", "loadbalancer-1"))
	if err != nil {
		t.Fatal(err)
	}
	if code, words := check(t, string(text), "enc1", "enc5"); code == 0 {
		t.Errorf("keepalived -t: exit 0 without enc6\n%s", words)
	}
}

// interfaces are all that the instances of a cluster name.
func interfaces(c *cluster.Cluster) []string {
	var names []string
	for _, i := range c.VRRP.Instances {
		names = append(names, i.Interface)
		names = append(names, i.Track.Interfaces...)
		for _, v := range i.Addresses {
			names = append(names, v.Interface)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
