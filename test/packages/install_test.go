package packages

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// A pair that was built by hand gets the packages, works under lbsup, is upgraded, goes back, and loses the packages again: one host by dpkg, the other
// by rpm. One lab serves all, for a boot is the dear part.
func TestHosts(t *testing.T) {
	need.Programs(t, "rpm", "dpkg")
	packagesIn(t, first)
	packagesIn(t, upgrade)
	l := up(t)
	both := managers(l)
	before := map[string]map[string]bool{}
	for i, m := range both {
		m.bring(t)
		sh(t, m.node, "rm -rf /etc/lbsup /var/lib/lbsup") // this machine may have had lbsup
		before[m.node.Name] = tree(t, m.node)
		sh(t, m.node, "cp /etc/haproxy/haproxy.cfg /root")
		write(t, m.node, "/etc/haproxy/haproxy.cfg", haproxyByHand, 0o644)
		write(t, m.node, "/etc/keepalived/keepalived.conf", keepalivedByHand(250-i), 0o644)
		sh(t, m.node, "systemctl restart haproxy.service keepalived.service")
	}
	one, other := both[0].node, both[1].node
	eventually(t, "the first node holds the VIP alone", func() bool { return holds(t, one) && !holds(t, other) })

	t.Run("install", func(t *testing.T) { testInstall(t, l, both) })
	strict(t, one)
	for _, m := range both {
		configure(t, m.node, "systemctl enable --quiet --now haproxy keepalived lbsup")
	}
	for i, m := range both {
		well(t, m.node, older)
		settled(t, m.node, []string{"253", "250"}[i])
	}
	eventually(t, "the first node holds the VIP alone", func() bool { return holds(t, one) && !holds(t, other) })
	t.Run("first start", func(t *testing.T) { testFirstStart(t, l, one, other) })
	t.Run("firewalld", func(t *testing.T) { testFirewalld(t, other) })
	t.Run("rich rules", func(t *testing.T) { testRichRules(t, other) })
	t.Run("rights", func(t *testing.T) { testRights(t, one) })
	t.Run("upgrade", func(t *testing.T) {
		testChange(t, l, both, newer, func(m manager) string { return m.upgrade })
	})
	t.Run("downgrade", func(t *testing.T) {
		testChange(t, l, both, older, func(m manager) string { return m.back })
	})
	t.Run("erase", func(t *testing.T) { testErase(t, l, both, before) })
	t.Run("boot", func(t *testing.T) { testBoot(t, l, both[1], one) })
	t.Run("install anew", func(t *testing.T) { testFresh(t, l, both[0], other) })
}

// Installing starts nothing, stops nothing, writes over nothing, and says what comes next.
func testInstall(t *testing.T, l *lab.Lab, both []manager) {
	undisturbed(t, l, both, func() {
		for i, m := range both {
			out, err := m.node.Run(t.Context(), "/bin/sh", "-c", m.install)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out, nextSteps) {
				t.Errorf("%s: got %q, want %q in it", m.install, out, nextSteps)
			}
			if diff := cmp.Diff(haproxyByHand+keepalivedByHand(250-i), raw(t, m.node, "cat /etc/haproxy/haproxy.cfg /etc/keepalived/keepalived.conf")); diff != "" {
				t.Errorf("%s: the host's own files (-want +got)\n%s", m.node.Name, diff)
			}
			if got := sh(t, m.node, "systemctl is-active lbsup.service lbsup-health.socket lbsup-control.socket; systemctl is-enabled lbsup.service; true"); got != "inactive\ninactive\ninactive\ndisabled" {
				t.Errorf("%s: lbsup is %q", m.node.Name, got)
			}
			if got := sh(t, m.node, "systemctl list-units --failed --plain --no-legend"); got != "" {
				t.Errorf("%s: failed: %s", m.node.Name, got)
			}
		}
	})
}

// Another version takes over while the pair serves: the VIP stays, no check fails, no daemon is restarted.
func testChange(t *testing.T, l *lab.Lab, both []manager, version string, command func(manager) string) {
	undisturbed(t, l, both, func() {
		for _, m := range both {
			sh(t, m.node, command(m))
			well(t, m.node, version)
			testVersion(t, m, version)
			if got := sh(t, m.node, "systemctl is-enabled lbsup.service lbsup-health.socket lbsup-control.socket"); got != "enabled\nenabled\nenabled" {
				t.Errorf("%s: lbsup is %q", m.node.Name, got)
			}
		}
	})
}

// Without lbsup the daemons serve on with the configuration that they have, and of lbsup only its file, the history and what was rendered is left.
func testErase(t *testing.T, l *lab.Lab, both []manager, before map[string]map[string]bool) {
	for _, m := range slices.Backward(both) { // the backup first: a node that nobody supervises lets one pass that is supervised
		pids := processes(t, m.node)
		sh(t, m.node, m.remove)
		if got := processes(t, m.node); got != pids {
			t.Errorf("%s: other processes: got %q, want %q", m.node.Name, got, pids)
		}
		if got := sh(t, m.node, "systemctl list-units --all --plain --no-legend 'lbsup*'"); got != "" && !strings.Contains(got, "not-found") {
			t.Errorf("%s: units are left: %s", m.node.Name, got)
		}
		var left []string
		for file := range tree(t, m.node) {
			if !before[m.node.Name][file] && !strings.HasPrefix(file, "/var/lib/lbsup/") {
				left = append(left, file)
			}
		}
		slices.Sort(left)
		want := []string{"/etc/keepalived/keepalived.conf", "/etc/lbsup", "/etc/lbsup/lbsup.yaml", "/etc/lbsup/stats.password", "/var/lib/lbsup"}
		if diff := cmp.Diff(want, left); diff != "" {
			t.Errorf("%s: what is left (-want +got)\n%s", m.node.Name, diff)
		}
	}
	serves(t, l)
	if !holds(t, both[0].node) || holds(t, both[1].node) {
		t.Error("the VIP has moved")
	}
}

// With nothing but the distribution, the package, one file and one command make a node that serves.
func testFresh(t *testing.T, l *lab.Lab, m manager, peer *lab.Node) {
	sh(t, peer, "systemctl stop keepalived.service")
	sh(t, m.node, "dpkg --purge lbsup; systemctl stop keepalived.service; rm -r /etc/lbsup /etc/keepalived/keepalived.conf; test ! -e /var/lib/lbsup")
	write(t, m.node, "/etc/haproxy/haproxy.cfg", raw(t, m.node, "cat /root/haproxy.cfg"), 0o644)
	sh(t, m.node, "systemctl restart haproxy.service")
	sh(t, m.node, m.install)
	configure(t, m.node, "systemctl start lbsup.service")
	eventually(t, "the node holds the VIP", func() bool { return holds(t, m.node) })
	serves(t, l)
}
