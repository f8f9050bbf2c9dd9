package doctor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/doctor"
)

// hostTroubles are troubles of one host that do not hide each other.
var hostTroubles = want{
	"unit.haproxy.service":                      "failing: haproxy.service is masked",
	"unit.lbsup-control.socket":                 "warning: it is disabled",
	"supervisor":                                "warning: the supervisor runs and says that something is wrong",
	"sysctl.net.ipv4.conf.enc1.rp_filter":       "failing: net.ipv4.conf.enc1.rp_filter is 1, and must be 2",
	"name.control0.ocp0.sa.boe":                 "failing: there is no such name",
	"certificate./etc/lbsup/certs/app.pem":      "failing: clients refuse it",
	"certificate./etc/lbsup/certs/other.pem":    "failing: cannot be used: no such file or directory",
	"port.1936":                                 "failing: port 1936 of stats is taken by systemd-socket-",
	"port.6443":                                 "warning: nobody listens on port 6443 yet",
	"disk./var/log":                             "failing: /var/log is full",
	"config.keepalived":                         "warning: /etc/keepalived/keepalived.conf was not written by lbsup",
	"leftover.sudoers":                          "warning: lets a check run systemctl as root",
	"leftover.script":                           "warning: /etc/keepalived/chk.sh is a check that nothing runs any more",
	"leftover.sysctl":                           "warning: sets net.ipv4.ip_nonlocal_bind",
	"leftover.selinux":                          "warning: the SELinux module keepalived_chk was made by hand",
	"leftover.check":                            "warning: asks by \"/usr/bin/killall -0 haproxy\" whether HAProxy works",
	"leftover.root":                             "warning: runs its checks as root",
	"sysctl.unneeded.net.ipv4.ip_nonlocal_bind": "ok: net.ipv4.ip_nonlocal_bind is set, and need not be",
	"firewall.port.443":                         "failing: the firewall drops port 443 of ingress-router-https, in inet f input",
	"firewall.port.80":                          "warning: the firewall may drop port 80 of ingress-router-http",
	"firewall.port.9106":                        "failing: the firewall drops port 9106 of peers, in inet f input",
	"unit.cycle":                                "failing: units wait for each other",
}

// byHand is what guides have people write.
const byHand = `global_defs {
  script_user root
}
vrrp_script chk {
  script "/usr/bin/killall -0 haproxy"
}
`

// host breaks everything at once on the node that waits, has doctor fix what it may, and mends the rest as it says.
func host(t *testing.T, p *pair) {
	n := p.second
	write(t, n, "/etc/sudoers.d/keepalived", "keepalived_script ALL=(ALL) NOPASSWD: /usr/bin/systemctl\n", 0o440)
	write(t, n, "/etc/keepalived/chk.sh", "#!/bin/sh\n", 0o755)
	write(t, n, "/etc/keepalived/keepalived.conf", byHand, 0o644)
	write(t, n, "/etc/sysctl.d/haproxy.conf", "net.ipv4.ip_nonlocal_bind=1\n", 0o644)
	write(t, n, "/etc/lbsup/certs/app.pem", certificate(t, -time.Hour), 0o600)
	write(t, n, "/etc/systemd/system/lbsup.service.d/cycle.conf", "[Unit]\nAfter=keepalived.service\nBefore=lbsup-health.socket\n", 0o644)
	write(t, n, "/usr/local/sbin/semodule", semodule, 0o755)
	write(t, n, "/usr/local/sbin/visudo", "#!/bin/sh\n", 0o755)
	sh(t, n, `set -e
		rm /etc/lbsup/certs/other.pem; mkdir -p `+modules+`/400/keepalived_chk
		systemctl stop haproxy; systemctl --quiet mask haproxy; systemctl --quiet disable lbsup-control.socket
		sysctl -qw net.ipv4.conf.enc1.rp_filter=1 net.ipv4.ip_nonlocal_bind=1
		systemd-run --quiet --unit=squatter systemd-socket-activate -l 0.0.0.0:1936 /bin/cat
		mount -t tmpfs -o size=16m tmpfs /var/log; dd if=/dev/zero of=/var/log/full bs=1M count=15 status=none`)
	firewall(t, n, "input", "tcp dport { 443, 9106 } drop\n  tcp dport 80 limit rate 1000/second accept\n  tcp dport 80 drop")
	sh(t, n, "cp /etc/hosts /run/hosts; grep -v control0 /run/hosts >/etc/hosts")
	p.Resolve("control0.ocp0.sa.boe", netip.Addr{})
	broken := p.says(t, n, hostTroubles)
	if broken.code != 1 {
		t.Errorf("exit code %d", broken.code)
	}
	p.says(t, p.first, want{"peer." + n.Name: "warning: does not tell this node how it is: "})
	sh(t, n, "systemctl stop squatter; umount /var/log; cat /run/hosts >/etc/hosts; rm -r /etc/systemd/system/lbsup.service.d; systemctl daemon-reload")
	p.Resolve("control0.ocp0.sa.boe", netip.MustParseAddr("172.18.0.21"))
	write(t, n, "/etc/lbsup/certs/other.pem", certificate(t, 24*365*time.Hour), 0o600)

	t.Run("what is safe is fixed, once", func(t *testing.T) {
		first := p.ask(t, n, "--fix")
		safe := want{"sysctl.net.ipv4.conf.enc1.rp_filter": "ok: ", "unit.haproxy.service": "failing: haproxy.service does not run", "unit.lbsup-control.socket": "ok: "}
		if misses := first.misses(safe); len(misses) > 0 {
			t.Error(strings.Join(misses, "\n"))
		}
		if len(first.fixed) < 3 {
			t.Errorf("fixed %v", first.fixed)
		}
		for _, f := range first.fixed {
			if f.Problem != "" {
				t.Errorf("%s: %s", f.Command, f.Problem)
			}
		}
		for _, f := range broken.all {
			if f.Safe {
				p.ledger.helped(f)
			}
		}
		if again := p.ask(t, n, "--fix"); len(again.fixed) > 0 {
			t.Errorf("a second time it fixed %v", again.fixed)
		}
		out := sh(t, n, "lbsup host apply && cat /etc/sysctl.d/60-lbsup.conf")
		if !strings.Contains(out, "nothing to do") || !strings.Contains(out, "net.ipv4.conf.enc1.rp_filter = 2") {
			t.Errorf("lbsup host apply after --fix: %s", out)
		}
	})
	t.Run("the other fixes help", func(t *testing.T) {
		write(t, n, "/etc/lbsup/certs/app.pem", certificate(t, 24*365*time.Hour), 0o600)
		ask := func() answer { return p.ask(t, n, "") }
		p.mends(t, n, ask(), ask, "firewall.port.443", "firewall.port.9106", "unit.haproxy.service", "leftover.sudoers", "leftover.script", "leftover.sysctl", "leftover.selinux")
		p.mends(t, n, ask(), ask, "config.keepalived", "leftover.check", "leftover.root")
		if out := sh(t, n, "ls /etc/sudoers.d; cat /etc/sudoers.d/keepalived"); strings.Contains(out, "NOPASSWD") {
			t.Errorf("what the fix left of the right: %s", out)
		}
	})
	sh(t, n, "rm -r /etc/sudoers.d/keepalived* /etc/sysctl.d/haproxy.conf* "+modules+" /usr/local/sbin/semodule /usr/local/sbin/visudo; nft delete table inet f")
	level(t, p.well(t, n), doctor.OK, hostTroubles)
	p.says(t, p.first, want{"peer." + n.Name: "ok: tells this node how it is"})
}

// units takes away what systemd knows of a node, and what it needs.
func units(t *testing.T, p *pair) {
	n := p.second
	ask := func() answer { return p.ask(t, n, "") }
	write(t, n, "/etc/systemd/system/haproxy.service.d/broken.conf", "[Service]\nRestart=no\nExecStartPre=/bin/false\n", 0o644)
	sh(t, n, `mv /usr/lib/systemd/system/keepalived.service.d/50-lbsup.conf /usr/lib/systemd/system/lbsup-control.socket /run/
		sed /^Before=/d /usr/lib/systemd/system/lbsup-health.socket >/etc/systemd/system/lbsup-health.socket
		systemctl daemon-reload; systemctl restart haproxy; systemctl stop lbsup-wire.socket`)
	write(t, n, "/etc/systemd/system/lbsup.service.d/new.conf", "[Unit]\n", 0o644)
	write(t, n, "/etc/systemd/system/haproxy.service.d/new.conf", "[Unit]\n", 0o644)
	broken := p.says(t, n, want{
		"unit.haproxy.service":           "failing: haproxy.service has failed",
		"unit.lbsup-control.socket":      "failing: lbsup-control.socket is not installed",
		"unit.lbsup-wire.socket":         "failing: lbsup-wire.socket does not run",
		"unit.dropin.keepalived.service": "failing: keepalived.service lacks the drop-in 50-lbsup.conf",
		"unit.dropin.haproxy.service":    "warning: the files of haproxy.service were changed",
		"unit.order":                     "failing: keepalived.service does not wait for lbsup-health.socket",
	})
	for id, installs := range map[string]string{"unit.dropin.keepalived.service": "reinstall lbsup", "unit.order": "reinstall lbsup", "unit.lbsup-control.socket": "install lbsup"} {
		if fix := broken.findings[id].Fix; !strings.HasSuffix(fix, installs) {
			t.Errorf("the fix of %s is %q", id, fix)
		}
	}
	// What a package manager would lay down again, but for systemd's reading it.
	sh(t, n, `mv /run/50-lbsup.conf /usr/lib/systemd/system/keepalived.service.d/; mv /run/lbsup-control.socket /usr/lib/systemd/system/
		rm -r /etc/systemd/system/lbsup-health.socket /etc/systemd/system/haproxy.service.d/broken.conf /etc/systemd/system/lbsup.service.d`)
	p.mends(t, n, ask(), ask, "unit.order", "unit.dropin.haproxy.service", "unit.haproxy.service", "unit.lbsup-wire.socket")
	sh(t, n, "rm -r /etc/systemd/system/haproxy.service.d; systemctl daemon-reload")
	p.well(t, n)
}

// cables sets an interface of the node that waits down, and pulls the cable of another one; meanwhile a configuration goes away.
func cables(t *testing.T, p *pair) {
	n := p.second
	sh(t, n, "ip link set enc6 down; mv /etc/keepalived/keepalived.conf /run/")
	if err := n.Cut(t.Context(), "enc5"); err != nil {
		t.Fatal(err)
	}
	ask := func() answer { return p.ask(t, n, "") }
	broken := p.says(t, n, want{
		"link.enc6":         "failing: enc6 is set down: it is for the VIP 172.18.100.100",
		"link.enc5":         "failing: enc5 has no carrier: it is for the VIP 10.131.0.1",
		"config.keepalived": "failing: /etc/keepalived/keepalived.conf is not there",
	})
	if err := n.Heal(t.Context(), "enc5"); err != nil {
		t.Fatal(err)
	}
	p.mends(t, n, broken, ask, "link.enc6", "config.keepalived")
	p.well(t, n)
}
