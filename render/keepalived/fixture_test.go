package keepalived

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

// installed is the build that the goldens are rendered for.
var installed = Build{Version: "2.2.7", Major: 2, Minor: 2, Patch: 7, Auth: true}

var secrets = cluster.Secrets{"/etc/lbsup/stats.password": "not-a-secret", "/etc/lbsup/vrrp.password": "1234abcd"}

func daemon(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("keepalived")
	if err != nil {
		path = "/usr/sbin/keepalived"
	}
	text, err := exec.Command(path, "-v").CombinedOutput()
	need.That(t, err == nil, "keepalived")
	build, err := ParseBuild(string(text))
	need.That(t, err == nil && build.Auth && build.atLeast(2, 2, 7), "keepalived 2.2.7 with VRRP authentication")
	need.Root(t)
	return path
}

// check asks the real keepalived about a configuration, in a network namespace that has the interfaces, and returns its exit code
// and its words. The health question, the FIFO and the track files are not there, so others stand in for them.
func check(t *testing.T, text string, interfaces ...string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	text = strings.NewReplacer(render.CheckClient, "/bin/true", render.NotifyFIFO, dir+"/fifo", render.TrackDir, dir).
		Replace(string(ForTest([]byte(text))))
	file := filepath.Join(dir, "keepalived.conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `for i in $INTERFACES; do ip link add "$i" type bridge && ip link set "$i" up || exit 99; done; exec "$0" -t -f "$1"`
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "unshare", "-n", "sh", "-c", script, daemon(t), file)
	cmd.Env = append(os.Environ(), "INTERFACES="+strings.Join(interfaces, " "))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
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
