package packages

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

// A host that lost its package boots as one that never had it: the daemons come up with the configuration that they have, take over, and nothing
// of lbsup is there but what it left in /etc and its users.
func testBoot(t *testing.T, l *lab.Lab, m manager, peer *lab.Node) {
	const configuration = "sha256sum /etc/haproxy/haproxy.cfg /etc/keepalived/keepalived.conf"
	was := sh(t, m.node, configuration)
	if err := m.node.PowerOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.node.Boot(t.Context()); err != nil { // it fails where a unit has failed
		t.Fatal(err)
	}
	if got := sh(t, m.node, "systemctl is-active haproxy.service keepalived.service"); got != "active\nactive" {
		t.Errorf("the daemons are %q", got)
	}
	if diff := cmp.Diff(was, sh(t, m.node, configuration)); diff != "" {
		t.Errorf("the daemons' configuration (-before +after)\n%s", diff)
	}
	for _, row := range []struct{ name, command, want string }{
		{"units and sockets", "systemctl list-units --all --plain --no-legend '*lbsup*'; systemctl list-unit-files --no-legend '*lbsup*'; true", ""},
		{"drop-ins", "systemctl show -P DropInPaths haproxy.service keepalived.service | grep lbsup; true", ""},
		{"in /run, but for the sockets that the configuration asks HAProxy for", "find /run -name '*lbsup*' ! -type s", ""},
		{"processes", "pgrep -a lbsup; true", ""},
		{"users, whose numbers nobody else is to get", "getent passwd lbsup lbsup-wire keepalived_script | cut -d: -f1", "lbsup\nlbsup-wire\nkeepalived_script"},
	} {
		if got := sh(t, m.node, row.command); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
	sh(t, peer, "systemctl stop keepalived.service")
	eventually(t, "the booted node takes the VIP over", func() bool { return holds(t, m.node) })
	serves(t, l)
	sh(t, peer, "systemctl start keepalived.service")
	eventually(t, "the peer has the VIP again", func() bool { return holds(t, peer) && !holds(t, m.node) })
}
