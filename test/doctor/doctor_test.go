package doctor

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// parts are what is done to the pair, one after the other. Each leaves it well.
var parts = []struct {
	name string
	test func(*testing.T, *pair)
}{
	{"a host", host},
	{"units", units},
	{"cables", cables},
	{"adverts dropped on their way in", deaf},
	{"adverts dropped on their way out", mute},
	{"rules of vrrp_strict", strict},
	{"firewalld", zones},
	{"cluster files that do not fit", files},
	{"SELinux, a cloud, no daemons", guarded},
	{"little can be asked", blind},
	{"a difficult name server", names},
	{"a stranger with the router ID and another who has the VIP", strangers},
	{"without a supervisor", alone},
}

func TestDoctor(t *testing.T) {
	p := up(t)
	for _, n := range p.Nodes {
		p.well(t, n)
		a := p.says(t, n, want{"supervisor": "ok: ", "peer." + p.other(n).Name: "ok: tells this node how it is"})
		level(t, a, doctor.OK, hostTroubles)
		level(t, a, doctor.OK, want{"adverts.VI_1": "", "router_id.VI_1": "", "vip.172.18.100.100": "", "vip.10.131.0.1": "", "link.enc1": "",
			"config.haproxy": "", "unit.order": "", "unit.dropin.keepalived.service": "", "program.haproxy": "", "address": "", "port.9106": ""})
	}
	ran := 0
	for _, part := range parts {
		if !t.Run(part.name, func(t *testing.T) { ran++; part.test(t, p) }) {
			return // what it broke would be found again by the next
		}
	}
	if ran == len(parts) {
		t.Run("every line", p.ledger.complete)
	}
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
	broken := p.says(t, p.second, want{
		"adverts.VI_1":          "failing: adverts of loadbalancer-1 reach enc1, and this host's firewall drops them",
		"firewall.adverts.VI_1": "failing: the firewall drops adverts of VI_1 on enc1, in inet f input",
		"vip.10.131.0.1":        "failing: answer",
	})
	p.says(t, p.first, want{"adverts.VI_1": "failing: this node and loadbalancer-2 both send adverts of VI_1"})
	if a, b := broken.findings["adverts.VI_1"].Fix, broken.findings["firewall.adverts.VI_1"].Fix; a != b || !strings.HasPrefix(a, "nft 'insert rule inet f input") {
		t.Fatalf("fixes %q and %q", a, b)
	}
	p.mends(t, p.second, broken, func() answer { return p.ask(t, p.second, "") }, "adverts.VI_1", "firewall.adverts.VI_1")
	for _, n := range p.Nodes {
		p.well(t, n)
	}
	sh(t, p.second, "nft delete table inet f")
}

// mute drops adverts on their way out of the node that holds the VIPs.
func mute(t *testing.T, p *pair) {
	firewall(t, p.first, "output", "meta l4proto 112 drop")
	p.says(t, p.first, want{"adverts.VI_1": "failing: none of this node's left on enc1"})
	sh(t, p.first, "nft delete table inet f")
	for _, n := range p.Nodes {
		p.well(t, n)
	}
}

// strict has the rules that a keepalived with vrrp_strict leaves when it is reloaded without.
func strict(t *testing.T, p *pair) {
	write(t, p.second, "/run/rule.nft", "table ip keepalived {\n set vips {\n type ipv4_addr\n elements = { 172.18.100.100 }\n }\n"+
		" chain in {\n type filter hook input priority -1; policy accept;\n ip daddr @vips drop\n }\n}\n", 0o600)
	sh(t, p.second, "nft -f /run/rule.nft")
	broken := p.says(t, p.second, want{"firewall.vrrp_strict": "failing: drop all that comes for 172.18.100.100"})
	p.mends(t, p.second, broken, func() answer { return p.ask(t, p.second, "") }, "firewall.vrrp_strict")
	p.well(t, p.second)
}

// zones starts firewalld with its default zone, which lets in neither adverts nor clients, and has doctor open it.
func zones(t *testing.T, p *pair) {
	_, code := try(t, p.second, "command -v firewall-cmd")
	need.That(t, code == 0, "firewalld")
	write(t, p.second, "/etc/firewalld/services/VRRP.xml", "<service><protocol value=\"vrrp\"/></service>\n", 0o644)
	sh(t, p.second, "systemctl start firewalld")
	closed := want{
		"firewall.adverts.VI_1": "failing: the firewall drops adverts of VI_1 on enc1", "firewall.port.22623": "failing: ", "firewall.port.1936": "failing: ",
		"adverts.VI_1": "failing: this host's firewall drops them", "leftover.firewalld": "warning: /etc/firewalld/services/VRRP.xml is a firewalld service made by hand",
	}
	broken := p.says(t, p.second, closed)
	fixed := p.ask(t, p.second, "--fix")
	if len(fixed.fixed) != 1 || fixed.fixed[0].Command != "lbsup host apply" || fixed.fixed[0].Problem != "" {
		t.Errorf("fixed %v", fixed.fixed)
	}
	for _, f := range broken.all {
		if f.Safe {
			p.ledger.helped(f)
		}
	}
	ask := func() answer { return p.ask(t, p.second, "") }
	p.mends(t, p.second, ask(), ask, "leftover.firewalld")
	again := p.ask(t, p.second, "--fix")
	level(t, again, doctor.OK, closed)
	if len(again.fixed) > 0 {
		t.Errorf("a second time it fixed %v", again.fixed)
	}
	sh(t, p.second, "firewall-cmd --reload") // what was added is there for good
	p.well(t, p.second)
	sh(t, p.second, "systemctl stop firewalld")
	p.well(t, p.first)
}

// stranger is a keepalived that nobody set up for this pair.
//
// On a link of ours it speaks more seldom than we do: to keepalived 2.2 each advert that it refuses puts off its own next one, so that a stranger who
// speaks more often silences the node that has the VIPs, and the other one takes them again and again.
func stranger(link string, id int, every, source, vip string) string {
	return fmt.Sprintf(`global_defs {
  router_id stranger
}
vrrp_instance S {
  state MASTER
  interface %s
  virtual_router_id %d
  priority 10
  advert_int %s
  version 3
  mcast_src_ip %s
  virtual_ipaddress {
    %s
  }
}
`, link, id, every, source, vip)
}

// appears runs one on a host until it is told to go.
func appears(t *testing.T, n *lab.Node, config string) (leave func()) {
	t.Helper()
	write(t, n, "/etc/stranger.conf", config, 0o644)
	sh(t, n, "systemd-run --quiet --unit=stranger keepalived --dont-fork --vrrp -f /etc/stranger.conf -p /run/stranger.pid -r /run/stranger-vrrp.pid")
	return func() { sh(t, n, "systemctl stop stranger") }
}

// client gives the clients' host an address, or takes it.
func (p *pair) client(t *testing.T, verb, address, link string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ip", "-n", p.ClientNamespace(), "address", verb, address+"/32", "dev", link).CombinedOutput()
	if err != nil {
		t.Fatalf("cannot %s %s: %v: %s", verb, address, err, out)
	}
}

// strangers runs a third keepalived with the same router ID, and has another host answer for a VIP.
func strangers(t *testing.T, p *pair) {
	sh(t, p.second, "ip address add 10.130.0.66/32 dev enc1")
	p.client(t, "add", "172.18.100.100", "enc6")
	leave := appears(t, p.second, stranger("enc1", 1, "1", "10.130.0.66", "192.0.2.250/32"))
	p.says(t, p.first, want{
		"router_id.VI_1":     "failing: 10.130.0.66 ",
		"vip.172.18.100.100": "failing: this node has the VIP 172.18.100.100, and ",
		"adverts.VI_1":       "ok: this node sends the adverts",
	})
	p.says(t, p.second, want{"vip.172.18.100.100": "failing: answer for the VIP 172.18.100.100 on enc6, and one only may"})
	leave()
	p.client(t, "del", "172.18.100.100", "enc6")
	sh(t, p.second, "ip address del 10.130.0.66/32 dev enc1")
	onOneLink(t, p)
	for _, n := range p.Nodes {
		p.well(t, n)
	}
}

// onOneLink has adverts and VIP on the same link, so that who sends the adverts is known from who answers: first both nodes have the VIP, then the one
// that sends the adverts says nothing when it is asked, and a third answers.
func onOneLink(t *testing.T, p *pair) {
	leave := appears(t, p.second, stranger("enc5", 7, "0.2", "10.131.0.12", "10.131.0.1/14"))
	until(t, p.first, want{
		"vip.10.131.0.1":  "failing: this node has the VIP 10.131.0.1, and so has 10.131.0.12",
		"adverts.CROSSED": "failing: this node has the VIPs of CROSSED, 10.131.0.12 sends adverts, and none of this node's left on enc5",
	}, func() answer { return p.ask(t, p.first, "--file /run/crossed.yaml") })
	leave()
	sh(t, p.second, "sysctl -qw net.ipv4.conf.enc5.arp_ignore=8")
	p.client(t, "add", "10.131.0.77", "enc5")
	leave = appears(t, p.second, stranger("enc5", 7, "0.2", "10.131.0.12", "10.131.0.77/32"))
	until(t, p.first, want{"vip.10.131.0.77": "failing: answers for the VIP 10.131.0.77 on enc5, and the adverts come from "},
		func() answer { return p.ask(t, p.first, "--file /run/aside.yaml") })
	leave()
	p.client(t, "del", "10.131.0.77", "enc5")
	sh(t, p.second, "sysctl -qw net.ipv4.conf.enc5.arp_ignore=0")
}

// alone stops the supervisor, with the sockets that would start it again: everything else is still examined, by any user as far as he may.
func alone(t *testing.T, p *pair) {
	sh(t, p.second, "systemctl stop lbsup-health.socket lbsup-control.socket lbsup.service")
	a := p.says(t, p.second, want{"supervisor": "failing: the supervisor does not answer", "unit.lbsup.service": "failing: does not run", "adverts.VI_1": "ok: adverts of VI_1 come in"})
	other := p.hear(t, p.second, "setpriv --reuid=lbsup --regid=lbsup --init-groups lbsup doctor --json")
	misses := other.misses(want{"rights": "warning: not everything can be examined by this user", "unit.lbsup.service": "failing: ", "link.enc1": "ok: "})
	if _, heard := other.findings["router_id.VI_1"]; other.code != 1 || len(misses) > 0 || heard {
		t.Errorf("as another user: exit code %d, heard %v, %v", other.code, heard, misses)
	}
	p.mends(t, p.second, a, func() answer { return p.ask(t, p.second, "") }, "supervisor", "unit.lbsup.service")
	p.well(t, p.second)
}
