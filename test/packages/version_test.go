package packages

import (
	"strings"
	"testing"
)

// testVersion finds one version wherever one is told: by the program, by systemd of the supervisor, by its metrics, and by the package manager.
func testVersion(t *testing.T, m manager, version string) {
	t.Helper()
	for _, row := range []struct{ name, command, want string }{
		{"lbsup version", "lbsup version | cut -d' ' -f1-2", "lbsup " + version},
		{"metrics", `curl -sS http://127.0.0.1:9105/metrics | sed -n 's/^lbsup_build_info{.*version="\([^"]*\)".*/\1/p'`, version},
		{"the package", m.version, version + "-1"},
	} {
		if got := sh(t, m.node, row.command); got != row.want {
			t.Errorf("%s: %s: got %q, want %q", m.node.Name, row.name, got, row.want)
		}
	}
	said := ""
	defer func() {
		if t.Failed() {
			t.Logf("systemd was told %q", said)
		}
	}()
	eventually(t, m.node.Name+" tells systemd that it is well with version "+version, func() bool {
		said = sh(t, m.node, "systemctl show -P StatusText lbsup.service")
		return strings.HasPrefix(said, "lbsup "+version+", well: ")
	})
}
