package host

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/test/need"
)

var update = flag.Bool("update", false, "write the golden files")

var clusters = []string{"ocp-ibm-z", "ocp-upi", "ocp-vsphere", "openstack", "web-centos"}

// first returns a cluster of the shipped examples as its first node sees it.
func first(t testing.TB, name string) *cluster.Local {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../test/clusters", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(data))
}

func parse(t testing.TB, text string) *cluster.Local {
	t.Helper()
	c, problems := cluster.Parse("test", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	l, err := c.Local(c.Nodes[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// own is a cluster whose nodes talk with each other and show themselves.
var own = file("", plain+sixth, web+shown+exchange)

func TestGolden(t *testing.T) {
	files := map[string]*cluster.Local{"own-ports": parse(t, own)}
	for _, name := range clusters {
		files[name] = first(t, name)
	}
	for name, l := range files {
		t.Run(name, func(t *testing.T) {
			got, path := Of(l).Text(), filepath.Join("testdata", name+".txt")
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
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// load gives a ruleset to the real nft in a network namespace of its own.
func load(rules []string) (string, error) {
	text := "table inet filter {\n chain input {\n  type filter hook input priority 0; policy drop;\n  " + strings.Join(rules, "\n  ") + "\n }\n}\n"
	cmd := exec.Command("unshare", "--net", "nft", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestRulesPassNft(t *testing.T) {
	need.Root(t)
	need.Programs(t, "unshare", "nft")
	for _, name := range clusters {
		t.Run(name, func(t *testing.T) {
			if out, err := load(Of(first(t, name)).Rules()); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	t.Run("own ports", func(t *testing.T) {
		if out, err := load(Of(parse(t, own)).Rules()); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("nft can say no", func(t *testing.T) {
		if out, err := load([]string{"tcp dport { 80, } accept nonsense"}); err == nil {
			t.Errorf("takes nonsense: %s", out)
		}
	})
}
