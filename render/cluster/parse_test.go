package cluster

import (
	"path/filepath"
	"testing"
)

// clusterFiles are the five systems that lbsup must always understand.
func clusterFiles(t testing.TB) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob("../../test/clusters/*.yaml")
	if err != nil || len(names) != 5 {
		t.Fatalf("want five cluster files, got %q (%v)", names, err)
	}
	out := map[string][]byte{}
	for _, name := range names {
		out[filepath.Base(name)] = readFile(t, name)
	}
	return out
}

func TestTheFiveFilesParse(t *testing.T) {
	for name, data := range clusterFiles(t) {
		t.Run(name, func(t *testing.T) {
			c, problems := Parse(name, data)
			if len(problems) > 0 {
				t.Fatalf("got problems:\n%v", problems)
			}
			for _, n := range c.Nodes {
				if _, err := c.Local(n.Name); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
