package packages

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

// processes are the daemons' main ones: whoever restarts a daemon changes them.
func processes(t *testing.T, n *lab.Node) string {
	t.Helper()
	return sh(t, n, "systemctl show -P MainPID haproxy.service keepalived.service")
}

// tree is every file of the host and every folder that is named after lbsup, without what any running host writes and what package managers keep about
// packages. Users stay when a package goes, as the distributions have it: nobody else shall get their numbers, and their files. The folders that
// packages share belong to a package that rpm's own database here does not know.
func tree(t *testing.T, n *lab.Node) map[string]bool {
	t.Helper()
	const find = `find /etc /usr /var -xdev \( -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/systemd -o -path /var/lib/dpkg -o -path /var/lib/rpm ` +
		`-o -path '/etc/*-' -o -path /etc/.pwd.lock -o -path /var/lib/private -o -path /usr/local \) -prune -o \( ! -type d -o -name '*lbsup*' \) -print`
	files := map[string]bool{}
	for file := range strings.Lines(sh(t, n, find)) {
		files[strings.TrimSpace(file)] = true
	}
	return files
}

// serves waits until a client is answered over the VIP.
func serves(t *testing.T, l *lab.Lab) {
	t.Helper()
	client := l.Client(2 * time.Second)
	eventually(t, "a client is answered over the VIP", func() bool {
		_, err := lab.Ask(t.Context(), client, api)
		return err == nil
	})
}

// undisturbed fails the test when the deed costs a client an answer, moves the VIP, fails a check of keepalived's or restarts a daemon.
func undisturbed(t *testing.T, l *lab.Lab, both []manager, deed func()) {
	t.Helper()
	const news = "journalctl --unit keepalived.service --output cat --no-pager | grep -E 'Entering|returning|timed out|effective priority|FAULT' || true"
	serves(t, l)
	was := map[string]string{}
	for _, m := range both {
		was[m.node.Name] = processes(t, m.node) + "\n" + sh(t, m.node, news)
	}
	probe := l.Probe(api, 10*time.Millisecond, 5*time.Second)
	deed()
	asked := len(probe.Report().Samples)
	eventually(t, "the client asked on", func() bool { return len(probe.Report().Samples) > asked+20 })
	if report := probe.Stop(); report.Failed > 0 {
		t.Errorf("the client met: %v", report)
	}
	for _, m := range both {
		if diff := cmp.Diff(was[m.node.Name], processes(t, m.node)+"\n"+sh(t, m.node, news)); diff != "" {
			t.Errorf("%s: processes and keepalived's news (-before +after)\n%s", m.node.Name, diff)
		}
	}
}
