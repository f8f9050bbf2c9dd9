package doctor

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render"
)

var hostRows = []row{
	{name: "no supervisor", upset: func(_ *testing.T, f *Facts) { f.Supervisor = Supervisor{} },
		want: "failing supervisor: the supervisor does not answer: no check is made, and nothing watches HAProxy\nsystemctl start lbsup"},
	{name: "a supervisor that complains", upset: func(_ *testing.T, f *Facts) { f.Supervisor.Well = false },
		want: "warning supervisor: the supervisor runs and says that something is wrong\nsee: lbsup status"},
	{name: "another user", upset: func(_ *testing.T, f *Facts) { f.Root = false },
		want: "warning rights: not everything can be examined by this user: not the firewall, the wire, certificates, and who listens\nsudo lbsup doctor"},

	{name: "no HAProxy", upset: func(_ *testing.T, f *Facts) { f.HAProxy.Problem = "it is not installed" },
		want: "failing program.haproxy: HAProxy: it is not installed\ndnf install haproxy"},
	{name: "HAProxy without OpenSSL", upset: func(_ *testing.T, f *Facts) { f.HAProxy.Build.TLS = false },
		want: "failing program.haproxy: HAProxy 2.6.12 was built without OpenSSL, and the cluster file wants TLS\ndnf install haproxy"},
	{name: "HAProxy without OpenSSL, which nobody needs", upset: func(_ *testing.T, f *Facts) { f.HAProxy.Build.TLS = false },
		file: strings.Replace(file, "  tls: {certificates: [/c.pem]}\n", "", 1), want: "ok program.haproxy: HAProxy 2.6.12, without OpenSSL"},
	{name: "an old keepalived", upset: func(_ *testing.T, f *Facts) {
		f.Installer, f.Keepalived.Problem = "apt-get", "cannot render for keepalived 2.0.20: want 2.1.5 or later"
	}, want: "failing program.keepalived: keepalived: cannot render for keepalived 2.0.20: want 2.1.5 or later\napt-get install keepalived"},
	{name: "keepalived without authentication", upset: func(_ *testing.T, f *Facts) { f.Keepalived.Build.Auth = false },
		file: strings.NewReplacer("advert_interval: 200ms", "version: 2", "router_id: 51", "auth: {type: pass, password_file: /p}, router_id: 51").Replace(file),
		want: "failing program.keepalived: keepalived 2.2.8 was built without VRRP authentication, and the cluster file wants it\nlbsup reload   # without auth in the cluster file, on every node"},

	{name: "a strange haproxy.cfg", upset: func(_ *testing.T, f *Facts) { f.Configs[render.HAProxyConfig] = Config{There: true} },
		want: "warning config.haproxy: /etc/haproxy/haproxy.cfg was not written by lbsup; the command replaces it, and keeps it with the generation\nlbsup reload --overwrite"},
	{name: "no keepalived.conf", upset: func(_ *testing.T, f *Facts) { f.Configs[render.KeepalivedConfig] = Config{} },
		want: "failing config.keepalived: /etc/keepalived/keepalived.conf is not there: nothing was applied yet\nlbsup reload"},
	{name: "hand-written files", upset: func(_ *testing.T, f *Facts) { f.Configs[render.HAProxyConfig] = Config{} },
		file: handedOver,
		want: "ok config.haproxy: HAProxy runs the hand-written files that the cluster file names"},

	{name: "an interface that is not there", upset: func(_ *testing.T, f *Facts) { delete(f.Links, "eth0") },
		want: "failing link.eth0: eth0 is not there, and the cluster file has it for the VIP 203.0.113.10\nsee: ip -brief link"},
	{name: "an interface that is set down", upset: func(_ *testing.T, f *Facts) { f.Links["eth0"] = Link{} },
		want: "failing link.eth0: eth0 is set down: it is for the VIP 203.0.113.10\nip link set eth0 up"},
	{name: "no cable", upset: func(_ *testing.T, f *Facts) { f.Links["eth0"] = Link{Up: true} },
		want: "failing link.eth0: eth0 has no carrier: it is for the VIP 203.0.113.10\nsee: ethtool eth0"},
	{name: "no address to send adverts from", upset: func(_ *testing.T, f *Facts) {
		f.Links["eth1"] = Link{Up: true, Carrier: true, Addresses: []netip.Prefix{netip.MustParsePrefix("fe80::1/64")}}
	}, want: "failing link.eth1: eth1 has no IPv4 address to send the adverts of V from\nsee: ip -brief address show dev eth1"},
	{name: "another address than the node's", upset: func(_ *testing.T, f *Facts) {
		f.Links["eth1"] = Link{Up: true, Carrier: true, Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.9/24")}}
	}, want: "warning address: this host has no address 192.0.2.1, which the cluster file gives to node a\nsee: ip -brief address"},
	{name: "unicast adverts from an address that is not here", upset: func(_ *testing.T, f *Facts) {
		f.Links["eth1"] = Link{Up: true, Carrier: true, Addresses: []netip.Prefix{netip.MustParsePrefix("192.0.2.9/24")}}
	}, file: strings.Replace(file, "vrrp:\n", "vrrp:\n  unicast: true\n", 1),
		want: "failing address: this host has no address 192.0.2.1: the adverts of node a cannot leave\nsee: ip -brief address"},

	{name: "a port taken", upset: func(_ *testing.T, f *Facts) {
		f.Listeners.All[0] = Listener{netip.AddrPortFrom(netip.Addr{}, 80), "nginx", 99}
	},
		want: "failing port.80: port 80 of web is taken by nginx (process 99)\nsee: systemctl status 99"},
	{name: "a port of the same number elsewhere", upset: func(_ *testing.T, f *Facts) {
		f.Listeners.All = append(f.Listeners.All, Listener{netip.AddrPortFrom(addr("127.0.0.1"), 35357), "nginx", 99})
	}, want: "ok port.35357: HAProxy listens on port 35357 for web"},
	{name: "nobody listens yet", upset: func(_ *testing.T, f *Facts) { f.Listeners.All = nil },
		want: "warning port.80: nobody listens on port 80 yet: it is for web\nsee: systemctl status haproxy"},
	{name: "an address that is not here", file: strings.Replace(file, "*:80", "198.51.100.9:80", 1),
		want: "failing port.80: web cannot listen on 198.51.100.9:80: this host has no such address, and it is no VIP\nsee: ip -brief address"},
	{name: "the port of the other nodes", file: telling, upset: func(_ *testing.T, f *Facts) {
		f.Listeners.All = append(f.Listeners.All, Listener{netip.MustParseAddrPort("192.0.2.1:9106"), "lbsup", 8})
	}, want: "ok port.9106: lbsup listens on port 9106 for peers"},
	{name: "the port of the other nodes taken", file: telling, upset: func(_ *testing.T, f *Facts) {
		f.Listeners.All = append(f.Listeners.All, Listener{netip.MustParseAddrPort("0.0.0.0:9106"), "node_exporter", 8})
	}, want: "failing port.9106: port 9106 of peers is taken by node_exporter (process 8)\nsee: systemctl status 8"},
	{name: "no ss", upset: func(_ *testing.T, f *Facts) { f.Listeners = Listeners{Problem: "ss is not installed"} },
		want: "warning port: who listens could not be seen: ss is not installed\nsee: ss -lntp"},
}

var unitRows = []row{
	{name: "no systemd", upset: func(_ *testing.T, f *Facts) { f.Systemd.Problem = "cannot reach D-Bus" },
		want: "warning systemd: the units could not be asked for: cannot reach D-Bus\nsee: systemctl status"},
	{name: "a masked unit", upset: func(_ *testing.T, f *Facts) { change(f, "haproxy.service", func(u *Unit) { u.LoadState = "masked" }) },
		want: "failing unit.haproxy.service: haproxy.service is masked: it can never start\nsystemctl unmask haproxy.service && systemctl enable haproxy.service (safe)"},
	{name: "a daemon that is not installed", upset: func(_ *testing.T, f *Facts) { f.Systemd.Units["keepalived.service"] = Unit{LoadState: "not-found"} },
		want: "failing unit.keepalived.service: keepalived.service is not installed\ndnf install keepalived"},
	{name: "a unit of lbsup that is not installed", upset: func(_ *testing.T, f *Facts) { f.Systemd.Units["lbsup-health.socket"] = Unit{LoadState: "not-found"} },
		want: "failing unit.lbsup-health.socket: lbsup-health.socket is not installed\ndnf install lbsup"},
	{name: "a unit that has failed", upset: func(_ *testing.T, f *Facts) { change(f, "haproxy.service", func(u *Unit) { u.ActiveState = "failed" }) },
		want: "failing unit.haproxy.service: haproxy.service has failed\nsystemctl start haproxy.service\nsee: journalctl -u haproxy.service -n 20"},
	{name: "a unit that has failed, and was mended since", upset: func(_ *testing.T, f *Facts) {
		change(f, "haproxy.service", func(u *Unit) { u.ActiveState, u.NeedReload = "failed", true })
	},
		want: "failing unit.haproxy.service: haproxy.service has failed\nsystemctl daemon-reload && systemctl start haproxy.service\nsee: journalctl -u haproxy.service -n 20"},
	{name: "a unit that is stopped", upset: func(_ *testing.T, f *Facts) { change(f, "lbsup.service", func(u *Unit) { u.ActiveState = "inactive" }) },
		want: "failing unit.lbsup.service: lbsup.service does not run: it is inactive\nsystemctl enable --now lbsup.service"},
	{name: "a socket that another unit starts", upset: func(_ *testing.T, f *Facts) {
		change(f, "lbsup-wire.socket", func(u *Unit) { u.ActiveState = "inactive" })
	},
		want: "failing unit.lbsup-wire.socket: lbsup-wire.socket does not run: it is inactive\nsystemctl start lbsup-wire.socket"},
	{name: "a unit that reloads", upset: func(_ *testing.T, f *Facts) {
		change(f, "haproxy.service", func(u *Unit) { u.ActiveState = "reloading" })
	},
		want: "ok unit.haproxy.service: haproxy.service runs, and is enabled"},
	{name: "a disabled unit", upset: func(_ *testing.T, f *Facts) {
		change(f, "keepalived.service", func(u *Unit) { u.FileState = "disabled" })
	},
		want: "warning unit.keepalived.service: keepalived.service runs, and will not after a boot: it is disabled\nsystemctl enable keepalived.service (safe)"},
	{name: "no drop-in", upset: func(_ *testing.T, f *Facts) { change(f, "haproxy.service", func(u *Unit) { u.DropIns = nil }) },
		want: "failing unit.dropin.haproxy.service: haproxy.service lacks the drop-in 50-lbsup.conf of the package lbsup\ndnf reinstall lbsup"},
	{name: "unit files that were changed", upset: func(_ *testing.T, f *Facts) { change(f, "haproxy.service", func(u *Unit) { u.NeedReload = true }) },
		want: "warning unit.dropin.haproxy.service: the files of haproxy.service were changed, and systemd has not read them again\nsystemctl daemon-reload (safe)"},
	{name: "no order", upset: func(_ *testing.T, f *Facts) {
		change(f, "keepalived.service", func(u *Unit) { u.After, u.NeedReload = []string{"network.target"}, true })
	},
		want: "failing unit.order: keepalived.service does not wait for lbsup-health.socket: its first checks fail\nsystemctl daemon-reload (safe)"},
	{name: "no order, by somebody's own drop-in", upset: func(_ *testing.T, f *Facts) {
		change(f, "keepalived.service", func(u *Unit) { u.After = nil })
	},
		want: "failing unit.order: keepalived.service does not wait for lbsup-health.socket: its first checks fail\nsee: systemctl cat keepalived.service"},
	{name: "no order, for the drop-in is not there", upset: func(_ *testing.T, f *Facts) {
		change(f, "keepalived.service", func(u *Unit) { u.After, u.DropIns = nil, nil })
	},
		want: "failing unit.order: keepalived.service does not wait for lbsup-health.socket: its first checks fail\ndnf reinstall lbsup"},
	{name: "a cycle", upset: func(_ *testing.T, f *Facts) {
		f.Systemd.Cycles = []string{"haproxy.service: Found ordering cycle on lbsup.service/start"}
	},
		want: "failing unit.cycle: units wait for each other, and a boot leaves one of them out: haproxy.service: Found ordering cycle on lbsup.service/start\n" +
			"see: systemd-analyze verify haproxy.service keepalived.service lbsup.service"},
}
