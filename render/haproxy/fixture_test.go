package haproxy

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/test/need"
)

// installed is a build that has everything the renderer can use. The goldens are rendered for it.
var installed = Build{Version: "2.6.12", Major: 2, Minor: 6, TLS: true}

var secrets = cluster.Secrets{"/etc/lbsup/stats.password": "not-a-secret", "/etc/lbsup/vrrp.password": "1234abcd"}

// daemon is the path of the real HAProxy, which has to be of a version that reads all that the goldens say.
func daemon(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		path = "/usr/sbin/haproxy"
	}
	text, err := exec.Command(path, "-vv").Output()
	need.That(t, err == nil, "haproxy")
	build, err := ParseBuild(string(text))
	need.That(t, err == nil && build.atLeast(2, 6) && build.TLS, "haproxy 2.6 with OpenSSL")
	return path
}

// check asks the real HAProxy about a configuration and returns its exit code and its words.
func check(t *testing.T, text string) (int, string) {
	t.Helper()
	file := configFile(t, text)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, daemon(t), "-c", "-f", file)
	if os.Geteuid() == 0 { // without a network a name fails at once
		cmd = exec.CommandContext(ctx, "unshare", "-n", daemon(t), "-c", "-f", file)
	}
	cmd.Env = append(os.Environ(), "RES_OPTIONS=timeout:1 attempts:1")
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// configFile writes a configuration whose state file is one that knows nothing, as it is on a host.
func configFile(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	states, file := filepath.Join(dir, "servers.state"), filepath.Join(dir, "haproxy.cfg")
	if err := os.WriteFile(states, []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(text, render.ServerStateFile, states)), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// clusterFile parses one of the cluster files of the tests.
func clusterFile(t *testing.T, name string) *cluster.Cluster {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../test/clusters", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	c, problems := cluster.Parse(name+".yaml", data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func local(t *testing.T, c *cluster.Cluster, node string) *cluster.Local {
	t.Helper()
	l, err := c.Local(node)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// with is a node of a small cluster with these services.
func with(services ...cluster.Service) *cluster.Local {
	c := &cluster.Cluster{Name: "c", Nodes: []cluster.Node{{Name: "a"}}, Services: services}
	return &cluster.Local{Cluster: c, Node: c.Nodes[0]}
}

// section returns the lines of one section, without their indent.
func section(t *testing.T, text []byte, begin string) string {
	t.Helper()
	_, rest, ok := strings.Cut("\n"+string(text), "\n"+begin+"\n")
	if !ok {
		t.Fatalf("there is no section %q in:\n%s", begin, text)
	}
	rest, _, _ = strings.Cut(rest, "\n\n")
	return strings.ReplaceAll(strings.TrimSpace(rest), "\n    ", "\n")
}
