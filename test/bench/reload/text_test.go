package reload

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/test/need"
)

func local(t *testing.T, text string) *cluster.Local {
	t.Helper()
	c, problems := cluster.Parse("lbsup.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	l, err := c.Local("loadbalancer-1")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What is measured as a change at run time is one, and what is measured as a reload needs one.
func TestTextsDiffer(t *testing.T) {
	build, err := haproxy.ParseBuild("HAProxy version 2.6.12")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, before, after string
		changes, reasons    []string
	}{
		{"the same", loadText(true, 1), loadText(true, 1), nil, nil},
		{"another mark", loadText(true, 1), loadText(true, 2), nil, []string{"services.web: raw changed"}},
		{"watched", loadText(false, 1), loadText(true, 1), nil, nil},
		{
			"one server more", manyText(2, "", ""), manyText(2, oneMore(1), ""),
			[]string{"services.service0: server new1 added (172.18.0.31:80)"}, nil,
		},
		{
			"one server more by a reload", manyText(2, "", ""), manyText(2, oneMore(1), `"`+anotherLine(1)+`"`),
			[]string{"services.service0: server new1 added (172.18.0.31:80)"}, []string{"services.service0: raw changed"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan := haproxy.Difference(local(t, row.before), local(t, row.after), build)
			var changes, reasons []string
			for _, c := range plan.Changes {
				changes = append(changes, c.String())
			}
			for _, r := range plan.Reload {
				reasons = append(reasons, r.String())
			}
			if diff := cmp.Diff(row.changes, changes); diff != "" {
				t.Errorf("changes (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(row.reasons, reasons); diff != "" {
				t.Errorf("reasons (-want +got)\n%s", diff)
			}
		})
	}
}

func TestManyServers(t *testing.T) {
	for _, row := range []struct{ servers, services, last int }{{1, 1, 1}, {1000, 1, 1000}, {1001, 2, 1}, {10_000, 10, 1000}} {
		l := local(t, manyText(row.servers, "", ""))
		if got := len(l.Services); got != row.services {
			t.Errorf("%d servers: got %d services, want %d", row.servers, got, row.services)
		}
		if got := len(l.Services[row.services-1].Pools[0].Servers); got != row.last {
			t.Errorf("%d servers: the last service has %d, want %d", row.servers, got, row.last)
		}
	}
}

// More servers than a cluster file can have are services of several files, and no two have a name or a port in common.
func TestParsePutsFilesTogether(t *testing.T) {
	l, err := parse(2*aFile+1, oneMore(1))
	if err != nil {
		t.Fatal(err)
	}
	servers, names, ports := 0, map[string]bool{}, map[uint16]bool{}
	for _, s := range l.Services {
		servers += len(s.Pools[0].Servers)
		names[s.Name], ports[s.Bind[0].Port] = true, true
	}
	if want := 2*aFile + 2; servers != want {
		t.Errorf("got %d servers, want %d", servers, want)
	}
	if len(names) != len(l.Services) || len(ports) != len(l.Services) {
		t.Errorf("%d services have %d names and %d ports", len(l.Services), len(names), len(ports))
	}
}

// What the admin adds to the distribution's configuration is what HAProxy takes.
func TestByHand(t *testing.T) {
	program, err := exec.LookPath("haproxy")
	need.NoError(t, err)
	dir := t.TempDir()
	pem, err := selfMade()
	if err != nil {
		t.Fatal(err)
	}
	config := "defaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n" +
		strings.ReplaceAll(byHandText, certificate, filepath.Join(dir, "bench.pem"))
	for name, text := range map[string]string{"bench.pem": string(pem), "haproxy.cfg": config} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), program, "-c", "-f", filepath.Join(dir, "haproxy.cfg")).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
