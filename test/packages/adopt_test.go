package packages

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// strict is keepalived as many guides have it: what comes for the VIPs is dropped, by rules that only its end removes.
func strict(t *testing.T, n *lab.Node) {
	t.Helper()
	write(t, n, "/etc/keepalived/keepalived.conf", "global_defs {\n\tvrrp_strict\n}\n"+keepalivedByHand(250), 0o644)
	sh(t, n, "systemctl restart keepalived.service")
	eventually(t, "keepalived drops what comes for the VIPs", func() bool { return strings.Contains(tables(t, n), "ip keepalived") })
}

func tables(t *testing.T, n *lab.Node) string {
	t.Helper()
	return sh(t, n, "nft list tables")
}

// A HAProxy and a keepalived that ran before lbsup have what only a start gives them: the master CLI, keepalived's options, an end to its old rules.
// lbsup says that it started them anew, and has nothing else to say.
func testFirstStart(t *testing.T, l *lab.Lab, wasStrict, asItWas *lab.Node) {
	if got := tables(t, wasStrict); strings.Contains(got, "keepalived") {
		t.Errorf("%s: rules are left of vrrp_strict: %s", wasStrict.Name, got)
	}
	for _, n := range []*lab.Node{wasStrict, asItWas} {
		if got := sh(t, n, "tr '\\0' ' ' </proc/$(systemctl show -P MainPID keepalived.service)/cmdline"); !strings.Contains(got+" ", " -R ") {
			t.Errorf("%s: keepalived runs as %q, want -R", n.Name, got)
		}
		said := sh(t, n, "lbsup history; lbsup status")
		for _, want := range []string{"restart of keepalived.service: it runs since before lbsup", "restart of haproxy.service: the running HAProxy has no master CLI for lbsup yet"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: got %s\nwant %q in it", n.Name, said, want)
			}
		}
		if strings.Contains(said, "no such file") || strings.Contains(said, "does not know which servers") {
			t.Errorf("%s: it speaks of servers of which nobody has told it: %s", n.Name, said)
		}
	}
	serves(t, l)
}
