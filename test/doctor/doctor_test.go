package doctor

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// hostTroubles are troubles of one host that do not hide each other.
var hostTroubles = want{
	"unit.haproxy.service":                   "failing: haproxy.service is masked",
	"unit.lbsup-control.socket":              "warning: it is disabled",
	"sysctl.net.ipv4.conf.enc1.rp_filter":    "failing: net.ipv4.conf.enc1.rp_filter is 1, and must be 2",
	"name.control0.ocp0.sa.boe":              "failing: there is no such name",
	"certificate./etc/lbsup/certs/app.pem":   "failing: clients refuse it",
	"certificate./etc/lbsup/certs/other.pem": "failing: cannot be used: no such file or directory",
	"port.1936":                              "failing: port 1936 of stats is taken by systemd-socket-",
	"disk./var/log":                          "failing: /var/log is full",
	"leftover.sudoers":                       "warning: lets a check run systemctl as root",
	"leftover.script":                        "warning: /etc/keepalived/chk.sh is a check that nothing runs any more",
	"leftover.sysctl":                        "warning: sets net.ipv4.ip_nonlocal_bind",
	"firewall.port.443":                      "failing: the firewall drops port 443 of ingress-router-https, in inet f input",
	"unit.cycle":                             "failing: units wait for each other",
}

func TestDoctor(t *testing.T) {
	p := up(t)
	for _, n := range p.Nodes {
		a := well(t, n)
		level(t, a, doctor.OK, hostTroubles)
		level(t, a, doctor.OK, want{"adverts.VI_1": "", "router_id.VI_1": "", "vip.172.18.100.100": "", "vip.10.131.0.1": "", "link.enc1": "", "supervisor": "",
			"config.haproxy": "", "config.keepalived": "", "unit.order": "", "unit.dropin.keepalived.service": "", "program.haproxy": "", "address": ""})
	}
	for _, part := range []struct {
		name string
		test func(*testing.T, *pair)
	}{
		{"a host", host},
		{"adverts dropped on their way in", deaf},
		{"adverts dropped on their way out", mute},
		{"firewalld", zones},
		{"a stranger with the router ID and another who has the VIP", strangers},
		{"without a supervisor", alone},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.test(t, p) }) {
			return // what it broke would be found again by the next
		}
	}
}

// host breaks everything at once on the node that waits, has doctor fix what it may, and mends the rest.
func host(t *testing.T, p *pair) {
	n := p.second
	write(t, n, "/etc/sudoers.d/keepalived", "keepalived_script ALL=(ALL) NOPASSWD: /usr/bin/systemctl\n", 0o440)
	write(t, n, "/etc/keepalived/chk.sh", "#!/bin/sh\n", 0o755)
	write(t, n, "/etc/sysctl.d/haproxy.conf", "net.ipv4.ip_nonlocal_bind=1\n", 0o644)
	write(t, n, "/etc/lbsup/certs/app.pem", certificate(t, -time.Hour), 0o600)
	write(t, n, "/etc/systemd/system/lbsup.service.d/cycle.conf", "[Unit]\nAfter=keepalived.service\nBefore=lbsup-health.socket\n", 0o644)
	sh(t, n, `set -e
		rm /etc/lbsup/certs/other.pem
		systemctl stop haproxy; systemctl --quiet mask haproxy; systemctl --quiet disable lbsup-control.socket
		sysctl -qw net.ipv4.conf.enc1.rp_filter=1
		systemd-run --quiet --unit=squatter systemd-socket-activate -l 0.0.0.0:1936 /bin/cat
		mount -t tmpfs -o size=16m tmpfs /var/log; dd if=/dev/zero of=/var/log/full bs=1M count=15 status=none`)
	firewall(t, n, "input", "tcp dport 443 drop")
	sh(t, n, "cp /etc/hosts /run/hosts; grep -v control0 /run/hosts >/etc/hosts")
	p.Resolve("control0.ocp0.sa.boe", netip.Addr{})
	broken := says(t, n, hostTroubles)
	if broken.code != 1 {
		t.Errorf("exit code %d", broken.code)
	}

	t.Run("a rule for the firewall is the one that helps", func(t *testing.T) {
		sh(t, n, broken.findings["firewall.port.443"].Fix)
		says(t, n, want{"firewall.port.443": "ok: the firewall lets in port 443"})
	})
	t.Run("what is safe is fixed, once", func(t *testing.T) {
		first := ask(t, n, "--fix")
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
		if again := ask(t, n, "--fix"); len(again.fixed) > 0 {
			t.Errorf("a second time it fixed %v", again.fixed)
		}
		out := sh(t, n, "lbsup host apply && cat /etc/sysctl.d/60-lbsup.conf")
		if !strings.Contains(out, "nothing to do") || !strings.Contains(out, "net.ipv4.conf.enc1.rp_filter = 2") {
			t.Errorf("lbsup host apply after --fix: %s", out)
		}
	})

	p.Resolve("control0.ocp0.sa.boe", netip.MustParseAddr("172.18.0.21"))
	write(t, n, "/etc/lbsup/certs/app.pem", certificate(t, 24*365*time.Hour), 0o600)
	write(t, n, "/etc/lbsup/certs/other.pem", certificate(t, 24*365*time.Hour), 0o600)
	sh(t, n, `set -e
		rm -r /etc/sudoers.d/keepalived /etc/keepalived/chk.sh /etc/sysctl.d/haproxy.conf /etc/systemd/system/lbsup.service.d
		cat /run/hosts >/etc/hosts; umount /var/log; systemctl stop squatter; nft delete table inet f
		systemctl daemon-reload; systemctl start haproxy`)
	level(t, well(t, n), doctor.OK, hostTroubles)
}

// firewall adds a rule to a chain of its own.
func firewall(t *testing.T, n *lab.Node, hook, rule string) {
	t.Helper()
	write(t, n, "/run/rule.nft", fmt.Sprintf("table inet f {\n chain %s {\n  type filter hook %s priority 0; policy accept;\n  %s\n }\n}\n", hook, hook, rule), 0o600)
	sh(t, n, "nft -f /run/rule.nft")
}

// deaf drops adverts before they reach keepalived on the node that waits: both nodes then hold the VIPs, and neither daemon says so.
func deaf(t *testing.T, p *pair) {
	firewall(t, p.second, "input", "meta l4proto 112 drop")
	broken := says(t, p.second, want{
		"adverts.VI_1":          "failing: adverts of loadbalancer-1 reach enc1, and this host's firewall drops them",
		"firewall.adverts.VI_1": "failing: the firewall drops adverts of VI_1 on enc1, in inet f input",
		"vip.10.131.0.1":        "failing: answer",
	})
	says(t, p.first, want{"adverts.VI_1": "failing: this node and loadbalancer-2 both send adverts of VI_1"})
	if a, b := broken.findings["adverts.VI_1"].Fix, broken.findings["firewall.adverts.VI_1"].Fix; a != b || !strings.HasPrefix(a, "nft 'insert rule inet f input") {
		t.Fatalf("fixes %q and %q", a, b)
	}
	sh(t, p.second, broken.findings["adverts.VI_1"].Fix)
	for _, n := range p.Nodes {
		well(t, n)
	}
	sh(t, p.second, "nft delete table inet f")
}

// mute drops adverts on their way out of the node that holds the VIPs.
func mute(t *testing.T, p *pair) {
	firewall(t, p.first, "output", "meta l4proto 112 drop")
	says(t, p.first, want{"adverts.VI_1": "failing: none of this node's left on enc1"})
	sh(t, p.first, "nft delete table inet f")
	for _, n := range p.Nodes {
		well(t, n)
	}
}

// zones starts firewalld with its default zone, which lets in neither adverts nor clients, and has doctor open it.
func zones(t *testing.T, p *pair) {
	_, code := try(t, p.second, "command -v firewall-cmd")
	need.That(t, code == 0, "firewalld")
	sh(t, p.second, "systemctl start firewalld")
	closed := want{
		"firewall.adverts.VI_1": "failing: the firewall drops adverts of VI_1 on enc1", "firewall.port.22623": "failing: ", "firewall.port.1936": "failing: ",
		"adverts.VI_1": "failing: this host's firewall drops them",
	}
	says(t, p.second, closed)
	fixed := ask(t, p.second, "--fix")
	if len(fixed.fixed) != 1 || fixed.fixed[0].Command != "lbsup host apply" || fixed.fixed[0].Problem != "" {
		t.Errorf("fixed %v", fixed.fixed)
	}
	level(t, well(t, p.second), doctor.OK, closed)
	if again := ask(t, p.second, "--fix"); len(again.fixed) > 0 {
		t.Errorf("a second time it fixed %v", again.fixed)
	}
	sh(t, p.second, "firewall-cmd --reload") // what was added is there for good
	well(t, p.second)
	sh(t, p.second, "systemctl stop firewalld")
	well(t, p.first)
}

const stranger = `global_defs {
  router_id stranger
}
vrrp_instance S {
  state MASTER
  interface enc1
  virtual_router_id 1
  priority 10
  advert_int 0.2
  version 3
  mcast_src_ip 10.130.0.66
  virtual_ipaddress {
    192.0.2.250/32
  }
}
`

// strangers runs a third keepalived with the same router ID, and has another host answer for a VIP.
func strangers(t *testing.T, p *pair) {
	write(t, p.second, "/etc/stranger.conf", stranger, 0o644)
	sh(t, p.second, `set -e
		ip address add 10.130.0.66/32 dev enc1; ip address add 172.18.100.100/32 dev enc6
		systemd-run --quiet --unit=stranger keepalived --dont-fork --vrrp -f /etc/stranger.conf -p /run/stranger.pid -r /run/stranger-vrrp.pid`)
	says(t, p.first, want{
		"router_id.VI_1":     "failing: 10.130.0.66 ",
		"vip.172.18.100.100": "failing: this node has the VIP 172.18.100.100, and ",
		"adverts.VI_1":       "ok: this node sends the adverts",
	})
	sh(t, p.second, "systemctl stop stranger; ip address del 10.130.0.66/32 dev enc1; ip address del 172.18.100.100/32 dev enc6")
	for _, n := range p.Nodes {
		well(t, n)
	}
}

// alone stops the supervisor, with the sockets that would start it again: everything else is still examined, by any user as far as he may.
func alone(t *testing.T, p *pair) {
	sh(t, p.second, "systemctl stop lbsup-health.socket lbsup-control.socket lbsup.service")
	a := says(t, p.second, want{"supervisor": "failing: the supervisor does not answer", "unit.lbsup.service": "failing: does not run", "adverts.VI_1": "ok: adverts of VI_1 come in"})
	if a.findings["supervisor"].Fix != "systemctl start lbsup" {
		t.Errorf("the fix is %q", a.findings["supervisor"].Fix)
	}
	out, code := try(t, p.second, "setpriv --reuid=lbsup --regid=lbsup --init-groups lbsup doctor")
	if code != 1 || !strings.Contains(out, "warning    not everything can be examined by this user") || strings.Contains(out, "router ID") {
		t.Errorf("as another user: exit code %d: %s", code, out)
	}
	sh(t, p.second, a.findings["supervisor"].Fix)
	well(t, p.second)
}
