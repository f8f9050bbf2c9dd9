package cluster

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

// FuzzParse throws anything at the parser. Whatever comes in: either a cluster that keeps its promises comes out, or
// problems that can be found in the file; the same ones each time.
func FuzzParse(f *testing.F) {
	for _, data := range clusterFiles(f) {
		f.Add(data)
	}
	bad, _ := filepath.Glob("testdata/bad/*.yaml")
	for _, name := range bad {
		f.Add(readFile(f, name))
	}
	f.Add(readFile(f, "testdata/everything.yaml"))
	f.Add([]byte(smallest))
	f.Add(explosion())
	f.Fuzz(func(t *testing.T, data []byte) {
		c, problems := Parse("f", data)
		if (c == nil) == (len(problems) == 0) {
			t.Fatalf("got cluster %v and %d problems", c, len(problems))
		}
		if c == nil {
			findable(t, data, problems)
		} else {
			promises(t, c)
		}
		c2, again := Parse("f", data)
		if diff := cmp.Diff(problems, again) + cmp.Diff(c, c2, sameAddresses); diff != "" {
			t.Errorf("the second time (-first +second):\n%s", diff)
		}
	})
}

func findable(t *testing.T, data []byte, problems Problems) {
	t.Helper()
	lines := bytes.Count(data, []byte("\n")) + 1
	for i, p := range problems {
		if p.Line < 1 || p.Line > lines || p.Column < 1 {
			t.Errorf("problem %v is not in a file of %d lines", p, lines)
		}
		if i > 0 && p.Line < problems[i-1].Line {
			t.Errorf("problem %v comes after line %d", p, problems[i-1].Line)
		}
		if !strings.HasPrefix(p.Message, "cannot ") || !strings.Contains(p.Message, ": got ") || !strings.Contains(p.Message, ", want ") {
			t.Errorf("problem %q does not read cannot …: got …, want …", p.Message)
		}
		if strings.ContainsAny(p.String()+p.Hint, "\n\r\x00") {
			t.Errorf("problem %q has more than one line", p)
		}
	}
}

// promises are what the renderers rely on.
func promises(t *testing.T, c *Cluster) {
	t.Helper()
	rule := func(name string, holds bool) {
		if !holds {
			t.Errorf("broken promise: %s", name)
		}
	}
	rule("there are nodes", len(c.Nodes) > 0)
	for _, n := range c.Nodes {
		local, err := c.Local(n.Name)
		rule("each node has its view", err == nil && len(local.Peers) == len(c.Nodes)-1)
		rule("each node has an address", n.Address.IsValid())
	}
	rule("there is an instance", len(c.VRRP.Instances) > 0)
	rule("adverts are sent", c.VRRP.AdvertInterval > 0)
	vips := map[netip.Addr]bool{}
	for _, i := range c.VRRP.Instances {
		rule("each node has its rank", len(i.Prefer) == len(c.Nodes))
		for _, v := range i.Addresses {
			rule("a VIP is whole and alone", v.Address.IsValid() && v.Interface != "" && !vips[v.Address.Addr()])
			vips[v.Address.Addr()] = true
		}
		for _, tracked := range i.Track.Checks {
			rule("tracked checks exist", slices.ContainsFunc(c.Checks, func(d checks.Definition) bool { return d.Name == tracked.Check }))
		}
	}
	promisesOfChecks(rule, c)
	promisesOfServices(rule, c)
}

func promisesOfChecks(rule func(string, bool), c *Cluster) {
	known := map[string]bool{}
	rule("haproxy is the first check", c.Checks[0].Name == checks.HAProxy)
	for _, d := range c.Checks {
		rule("a check is whole", d.Interval > 0 && d.Timeout > 0 && d.Timeout <= d.Interval && d.Rise > 0 && d.Fall > 0 && d.OnFail != "")
		rule("checks are alone", !known[d.Name])
		for _, part := range d.Probe.Of {
			rule("parts come first", known[part])
		}
		known[d.Name] = true
	}
}

func promisesOfServices(rule func(string, bool), c *Cluster) {
	rule("HAProxy has one author", (len(c.Services) == 0) != (len(c.HAProxy.Files) == 0))
	for _, s := range c.Services {
		rule("a service listens", len(s.Bind) > 0)
		rule("the default pool exists", slices.ContainsFunc(s.Pools, func(p Pool) bool { return p.Name == s.Default }))
		for _, p := range s.Pools {
			rule("a pool works", len(p.Servers) > 0 && p.Balance != "" && (p.Check.Off || p.Check.Interval > 0))
			for _, server := range p.Servers {
				rule("a server is somewhere", server.Host != "" && server.Port > 0)
			}
		}
	}
	lines := strings.Join(slices.Concat(c.HAProxy.Global, c.HAProxy.Defaults), "")
	rule("raw lines are lines", !strings.ContainsAny(lines, "\n\r\x00"))
}
