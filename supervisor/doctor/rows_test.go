package doctor

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

// enforcing turns SELinux on, with lbsup's module and these types of ports.
func enforcing(f *Facts, ports map[int]string) {
	f.SELinux = SELinux{Enabled: true, Enforcing: true, Modules: []string{"lbsup"}, Ports: ports}
}

var goodPorts = map[int]string{80: "http_port_t", 8080: "http_cache_port_t", 35357: "lbsup_port_t"}

// dropping is a firewall that lets nothing in.
func dropping(t *testing.T, f *Facts) {
	f.Firewall.Ruleset = rules(t, `{"counter": {}}, {"drop": null}`)
}

// strictly is a keepalived that drops what comes for one of the VIPs.
func strictly(t *testing.T, f *Facts) {
	t.Helper()
	r, err := ruleset.Parse([]byte(`{"nftables": [{"set": {"family": "ip", "table": "keepalived", "name": "vips", "elem": ["203.0.113.10"]}},
		{"chain": {"family": "ip", "table": "keepalived", "name": "in", "hook": "input", "policy": "accept"}},
		{"rule": {"family": "ip", "table": "keepalived", "chain": "in", "expr": [
			{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "daddr"}}, "right": "@vips"}}, {"drop": null}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	f.Firewall.Ruleset = r
}

// rest is what is said behind each rule.
const rest = "   # and the same where this host keeps its rules, for the next boot"

// telling is the cluster whose nodes tell each other how they are.
const telling = file + "peers: {key_file: /k}\n"

// shown is the cluster with a page on the node's own address.
const shown = file + "status: {listen: \"192.0.2.1:9105\"}\n"

// only is a firewall that lets in what comes on some interfaces.
func only(op, link string) func(*testing.T, *Facts) {
	return func(t *testing.T, f *Facts) {
		f.Firewall.Ruleset = rules(t, `{"match": {"op": "`+op+`", "left": {"meta": {"key": "iifname"}}, "right": "`+link+`"}}, {"accept": null}`)
	}
}

var guardRows = []row{
	{name: "the port of the other nodes shut", file: telling, upset: dropping, want: "failing firewall.port.9106: the firewall drops port 9106 of peers, in inet f in\n" +
		`nft 'insert rule inet f in ip saddr 192.0.2.2 ip daddr 192.0.2.1 tcp dport 9106 accept'` + rest},
	{name: "the port of the other nodes open on their interface", file: telling, upset: only("==", "eth1"), want: "ok firewall.port.9106: the firewall lets in port 9106 of peers"},
	{name: "the port of the other nodes shut on their interface", file: telling, upset: only("!=", "eth1"), want: "failing firewall.port.9106: the firewall drops port 9106 of peers, in inet f in\n" +
		`nft 'insert rule inet f in ip saddr 192.0.2.2 ip daddr 192.0.2.1 tcp dport 9106 accept'` + rest},
	{name: "the node's own address shut on its interface", file: shown, upset: only("!=", "eth1"), want: "failing firewall.port.9105: the firewall drops port 9105 of status, in inet f in\n" +
		`nft 'insert rule inet f in iifname "eth1" ip daddr 192.0.2.1 tcp dport 9105 accept'` + rest},
	{name: "an address on an interface that is not told", file: strings.NewReplacer("192.0.2.1}", "198.51.100.1}", "192.0.2.1:", "198.51.100.1:").Replace(shown), upset: only("==", "eth1"),
		want: "warning firewall.port.9105: the firewall may drop port 9105 of status: its rules depend on more than is known here\nsee: nft list ruleset"},
	{name: "nothing gets in", upset: dropping, want: "failing firewall.port.80: the firewall drops port 80 of web, in inet f in\n" +
		`nft 'insert rule inet f in iifname { "eth0", "eth1" } tcp dport 80 accept'` + rest},
	{name: "adverts dropped", upset: dropping, want: "failing firewall.adverts.V: the firewall drops adverts of V on eth1, in inet f in\n" +
		`nft 'insert rule inet f in iifname "eth1" ip daddr 224.0.0.18 meta l4proto 112 accept'` + rest},
	{name: "a bind to a VIP", upset: dropping, want: "failing firewall.port.35357: the firewall drops port 35357 of web, in inet f in\n" +
		`nft 'insert rule inet f in iifname "eth0" ip daddr 203.0.113.10 tcp dport 35357 accept'` + rest},
	{name: "unicast adverts", upset: dropping, file: strings.Replace(file, "vrrp:\n", "vrrp:\n  unicast: true\n", 1),
		want: "failing firewall.adverts.V: the firewall drops adverts of V on eth1, in inet f in\n" +
			`nft 'insert rule inet f in iifname "eth1" ip saddr 192.0.2.2 meta l4proto 112 accept'` + rest},
	{name: "firewalld", upset: func(t *testing.T, f *Facts) { dropping(t, f); f.Firewall.Firewalld = true },
		want: "failing firewall.port.80: the firewall drops port 80 of web\nlbsup host apply (safe)"},
	{name: "rules left of vrrp_strict", upset: strictly, want: "failing firewall.vrrp_strict: rules of keepalived's vrrp_strict drop all that comes for 203.0.113.10\n" +
		"nft delete table ip keepalived"},
	{name: "rules of vrrp_strict and nobody else's", upset: strictly, want: "ok firewall: no rule judges what comes in"},
	{name: "a keepalived that is strict still", upset: func(t *testing.T, f *Facts) {
		strictly(t, f)
		f.Configs[render.KeepalivedConfig] = Config{There: true}
	}, want: "failing firewall.vrrp_strict: rules of keepalived's vrrp_strict drop all that comes for 203.0.113.10\nlbsup reload"},
	{name: "ports opened", upset: func(t *testing.T, f *Facts) { f.Firewall.Ruleset = rules(t, webRule) }, want: "ok firewall.port.80: the firewall lets in port 80 of web"},
	{name: "adverts let in", upset: func(t *testing.T, f *Facts) { f.Firewall.Ruleset = rules(t, advertRule) },
		want: "ok firewall.adverts.V: the firewall lets in adverts of V on eth1"},
	{name: "rules that depend on more", upset: func(t *testing.T, f *Facts) { f.Firewall.Ruleset = rules(t, `{"limit": {}}, {"accept": null}`) },
		want: "warning firewall.port.80: the firewall may drop port 80 of web: its rules depend on more than is known here\nsee: nft list ruleset"},
	{name: "no nft", upset: func(_ *testing.T, f *Facts) { f.Firewall = Firewall{Problem: "nft is not installed", NoTool: true} },
		want: "warning firewall: the rules of the firewall could not be read: nft is not installed\ndnf install nftables"},
	{name: "no rules at all", upset: func(_ *testing.T, f *Facts) { f.Firewall = Firewall{} }, want: "ok firewall: no rule judges what comes in"},
	{name: "old iptables", upset: func(_ *testing.T, f *Facts) { f.Firewall = Firewall{Legacy: true} },
		want: "warning firewall: there are rules of the old iptables, which are not examined\nsee: iptables-legacy -S INPUT"},

	{name: "a port that is not reserved", upset: func(_ *testing.T, f *Facts) { f.Sysctls[reserved] = "" },
		want: "failing sysctl.net.ipv4.ip_local_reserved_ports: net.ipv4.ip_local_reserved_ports is empty, and must be 35357: " +
			"an outgoing connection may take the port of web before it is listened on\nlbsup host apply (safe)"},
	{name: "no such sysctl", upset: func(_ *testing.T, f *Facts) { f.Sysctls = nil },
		want: "failing sysctl.net.ipv4.ip_local_reserved_ports: net.ipv4.ip_local_reserved_ports is not there to be set to 35357: " +
			"an outgoing connection may take the port of web before it is listened on\nsee: ip -brief link"},
	{name: "a sysctl of the guides", upset: func(_ *testing.T, f *Facts) { f.Sysctls["/proc/sys/net/ipv4/ip_forward"] = "1" },
		want: "ok sysctl.unneeded.net.ipv4.ip_forward: net.ipv4.ip_forward is set, and need not be: a proxy ends each connection and begins another: no packet is forwarded"},

	{name: "SELinux permissive", upset: func(_ *testing.T, f *Facts) { f.SELinux = SELinux{Enabled: true, ConnectAny: true} },
		want: "warning selinux.module: the policy has no module lbsup: keepalived could not ask the health socket if SELinux enforced\ndnf install lbsup-selinux"},
	{name: "SELinux enforcing", upset: func(_ *testing.T, f *Facts) { f.SELinux = SELinux{Enabled: true, Enforcing: true, ConnectAny: true} },
		want: "failing selinux.module: the policy has no module lbsup: keepalived may not ask the health socket\ndnf install lbsup-selinux"},
	{name: "the module is there", upset: func(_ *testing.T, f *Facts) { enforcing(f, goodPorts) }, want: "ok selinux.module: the policy has the module lbsup"},
	{name: "a port of a good type", upset: func(_ *testing.T, f *Facts) { enforcing(f, goodPorts) },
		want: "ok selinux.port.8080: port 8080 is http_cache_port_t, which HAProxy may use"},
	{name: "a port of another type", upset: func(_ *testing.T, f *Facts) {
		enforcing(f, map[int]string{80: "http_port_t", 8080: "ssh_port_t", 35357: "lbsup_port_t"})
	},
		want: "failing selinux.port.8080: port 8080 is ssh_port_t, which HAProxy may not use\nsemanage port -m -t http_port_t -p tcp 8080"},
	{name: "a port without a type", upset: func(_ *testing.T, f *Facts) {
		enforcing(f, map[int]string{80: "http_port_t", 8080: "http_cache_port_t"})
	},
		want: "failing selinux.port.35357: port 35357 has no type that HAProxy may use\nsemanage port -a -t http_port_t -p tcp 35357"},
	{name: "no semanage", upset: func(_ *testing.T, f *Facts) { enforcing(f, nil) }, want: "warning selinux.port.80: the type of port 80 is not known\nsee: semanage port -l"},
	{name: "the boolean", upset: func(_ *testing.T, f *Facts) { enforcing(f, nil); f.SELinux.ConnectAny = true },
		want: "ok selinux.ports: haproxy_connect_any is on: HAProxy may use every port"},
}

func name(n Name) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { f.Names["web.example.net"] = n }
}

func certificate(c Certificate) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { f.Certificates["/c.pem"] = c }
}

func disk(d Disk) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { d.Path = "/run"; f.Disks = []Disk{d} }
}

var surroundingRows = []row{
	{name: "a name resolved", want: "ok name.web.example.net: web.example.net is 198.51.100.1, by name server 192.0.2.53, in 3ms"},
	{name: "a name in the hosts file", upset: name(Name{Addresses: []netip.Addr{addr("198.51.100.1")}}),
		want: "ok name.web.example.net: web.example.net is 198.51.100.1, by /etc/hosts, in 0s"},
	{name: "a name that is not resolved", upset: name(Name{Problem: "there is no such name"}),
		want: "failing name.web.example.net: web.example.net is not resolved: there is no such name\n" +
			"see: getent ahosts web.example.net"},
	{name: "a name that takes long", upset: name(Name{Addresses: []netip.Addr{addr("198.51.100.1")}, Server: "192.0.2.53", Took: 2500 * time.Millisecond}),
		want: "warning name.web.example.net: web.example.net is 198.51.100.1, by name server 192.0.2.53, which took 2.5s\nsee: resolvectl query web.example.net"},
	{name: "DNSSEC", upset: name(Name{Server: "192.0.2.53", Problem: "SERVFAIL", DNSSEC: true}),
		want: "failing name.web.example.net: web.example.net is not resolved: its answer does not pass the DNSSEC check of name server 192.0.2.53\n" +
			"see: delv @192.0.2.53 web.example.net"},

	{name: "a good certificate", want: "ok certificate./c.pem: certificate /c.pem is good until 2027-03-01"},
	{name: "an unreadable certificate", upset: certificate(Certificate{Problem: "no such file or directory"}),
		want: "failing certificate./c.pem: certificate /c.pem cannot be used: no such file or directory\nsee: openssl x509 -noout -subject -in /c.pem"},
	{name: "an expired certificate", upset: certificate(Certificate{Until: now}),
		want: "failing certificate./c.pem: certificate /c.pem ended on 2026-03-01: clients refuse it\nlbsup reload   # when it is renewed"},
	{name: "a certificate that expires", upset: certificate(Certificate{Until: now.AddDate(0, 0, 13)}),
		want: "warning certificate./c.pem: certificate /c.pem ends on 2026-03-14\nlbsup reload   # when it is renewed"},
	{name: "a certificate that has not begun", upset: certificate(Certificate{From: now.Add(24 * time.Hour), Until: now.AddDate(1, 0, 0)}),
		want: "failing certificate./c.pem: certificate /c.pem only begins on 2026-03-02: clients refuse it\nsee: timedatectl"},
	{name: "a key for everybody", upset: certificate(Certificate{Until: now.AddDate(1, 0, 0), Public: true}),
		want: "warning certificate./c.pem: certificate /c.pem and its key can be read by everybody\nchmod o= /c.pem"},

	{name: "a clock of its own", upset: func(_ *testing.T, f *Facts) { f.Clock = Clock{} },
		want: "warning clock: the clock follows no other: certificates and the log need the true time\ntimedatectl set-ntp true"},
	{name: "a clock that cannot be seen", upset: func(_ *testing.T, f *Facts) { f.Clock = Clock{Problem: "operation not permitted"} },
		want: "warning clock: whether the clock is right could not be seen: operation not permitted\nsee: timedatectl"},

	{name: "a full disk", upset: disk(Disk{Free: 1 << 20, Size: 1 << 30}),
		want: "failing disk./run: /run is full: 1024 kB free, and a generation is written whole or not at all\nsee: du -xh -d1 /run"},
	{name: "a disk that is nearly full", upset: disk(Disk{Free: 40 << 20, Size: 1 << 30}), want: "warning disk./run: /run is nearly full: 40 MB free\nsee: du -xh -d1 /run"},
	{name: "no inodes", upset: disk(Disk{Free: 1 << 30, Size: 2 << 30, FreeInodes: 3, Inodes: 1000}),
		want: "failing disk./run: /run has room for 3 more files only\nsee: du -xh -d1 /run --inodes"},
	{name: "a disk without inodes", upset: disk(Disk{Free: 20 << 30, Size: 40 << 30}), want: "ok disk./run: /run has 20 GB free"},
	{name: "a disk that cannot be seen", upset: disk(Disk{}), want: "warning disk./run: the room below /run is not known\nsee: df -h /run"},
}

// says has the wire say these adverts.
func says(adverts ...Advert) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { f.Wire.Adverts = adverts }
}

func having(edit func(*Facts)) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { holding(f); edit(f) }
}

func but(a Advert, edit func(*Advert)) Advert {
	edit(&a)
	return a
}

var wireRows = []row{
	{name: "the peer sends", want: "ok adverts.V: adverts of V come in from b on eth1"},
	{name: "this node sends", upset: having(func(*Facts) {}), want: "ok adverts.V: this node sends the adverts of V on eth1; a node that waits is silent"},
	{name: "the firewall drops the peer's", upset: says(but(theirs(), func(a *Advert) { a.Passed = false }), mine()),
		want: "failing adverts.V: adverts of b reach eth1, and this host's firewall drops them: both nodes hold the VIPs of V\nsee: nft list ruleset"},
	{name: "firewalld drops the peer's", upset: func(t *testing.T, f *Facts) {
		says(but(theirs(), func(a *Advert) { a.Passed = false }))(t, f)
		f.Firewall.Firewalld = true
	}, want: "failing adverts.V: adverts of b reach eth1, and this host's firewall drops them: both nodes hold the VIPs of V\nlbsup host apply (safe)"},
	{name: "a rule drops the peer's", upset: func(t *testing.T, f *Facts) {
		says(but(theirs(), func(a *Advert) { a.Passed = false }))(t, f)
		f.Firewall.Ruleset = rules(t, webRule)
	}, want: "failing adverts.V: adverts of b reach eth1, and this host's firewall drops them: both nodes hold the VIPs of V\n" +
		`nft 'insert rule inet f in iifname "eth1" ip daddr 224.0.0.18 meta l4proto 112 accept'` + rest},
	{name: "one that was heard before the ear was open", upset: says(but(theirs(), func(a *Advert) { a.Passed, a.Count = false, 1 }), mine()),
		want: "ok adverts.V: this node sends the adverts of V on eth1; a node that waits is silent"},
	{name: "the peer does not hear", upset: having(func(f *Facts) { f.Wire.Adverts = []Advert{theirs(), mine()} }),
		want: "failing adverts.V: this node and b both send adverts of V: what this node sends does not reach the other\nsee: lbsup doctor   # on b"},
	{name: "nothing leaves, and the peer has taken over", upset: having(func(f *Facts) { f.Wire.Adverts = []Advert{theirs()} }),
		want: "failing adverts.V: this node has the VIPs of V, b sends adverts, and none of this node's left on eth1: " +
			"keepalived does not send, or a rule drops what goes out\nsee: nft list ruleset"},
	{name: "a peer that lets go", upset: having(func(f *Facts) { f.Wire.Adverts = []Advert{but(theirs(), func(a *Advert) { a.Priority = 0 }), mine()} }),
		want: "ok adverts.V: this node sends the adverts of V on eth1; a node that waits is silent"},
	{name: "on another interface", upset: says(but(theirs(), func(a *Advert) { a.Link = "eth0" })),
		want: "failing adverts.V: adverts of V come in on eth0, and the cluster file has eth1 for them\nsee: ip -brief address"},
	{name: "nothing leaves", upset: having(func(f *Facts) { f.Wire.Adverts = nil }),
		want: "failing adverts.V: this node has the VIPs of V, and in 2s no advert left on eth1: keepalived does not send, or a rule drops what goes out\nsee: nft list ruleset"},
	{name: "silence", upset: says(), want: "failing adverts.V: in 2s no node sent an advert of V on eth1: none holds the VIPs, or the network keeps the adverts\n" +
		"see: journalctl -u keepalived -n 20"},
	{name: "another interval", upset: says(but(theirs(), func(a *Advert) { a.Interval = time.Second })),
		want: "warning adverts.V: b sends the adverts of V every 1s, and the cluster file here says 200ms\nlbsup reload   # with the same cluster file on every node"},
	{name: "other VIPs", upset: says(but(theirs(), func(a *Advert) { a.Addresses = []netip.Addr{addr("203.0.113.99")} })),
		want: "warning adverts.V: b sends adverts of V for other addresses than 203.0.113.10\nlbsup reload   # with the same cluster file on every node"},
	{name: "a peer at another of its addresses", upset: says(but(theirs(), func(a *Advert) { a.Source = addr("192.0.2.77") })),
		want: "ok adverts.V: adverts of V come in from 192.0.2.77 on eth1"},
	{name: "no ear", upset: func(_ *testing.T, f *Facts) { f.Wire.Problems = map[string]string{"eth1": "cannot listen"} },
		want: "warning adverts.V: nothing could be heard on eth1: cannot listen\nsee: ip -brief link"},

	{name: "no stranger", want: "ok router_id.V: nobody else uses router ID 51 on eth1"},
	{name: "a stranger with the router ID", upset: says(theirs(), but(theirs(), func(a *Advert) {
		a.Source, a.Hardware, a.Addresses = addr("192.0.2.66"), "02:00:00:00:00:66", []netip.Addr{addr("192.0.2.250")}
	})), want: "failing router_id.V: 192.0.2.66 (02:00:00:00:00:66) uses router ID 51 on eth1 too, for 192.0.2.250\n" +
		"lbsup reload   # with a router_id other than 51 for V on every node"},
	{name: "a stranger among unicast adverts", upset: says(but(theirs(), func(a *Advert) { a.Source = addr("192.0.2.66") })),
		file: strings.Replace(file, "vrrp:\n", "vrrp:\n  unicast: true\n", 1),
		want: "failing router_id.V: 192.0.2.66 (02:00:00:00:00:02) uses router ID 51 on eth1 too, for 203.0.113.10\n" +
			"lbsup reload   # with a router_id other than 51 for V on every node"},
	{name: "another router ID is nobody's business", upset: says(theirs(), but(theirs(), func(a *Advert) { a.RouterID, a.Source = 52, addr("192.0.2.66") })),
		want: "ok router_id.V: nobody else uses router ID 51 on eth1"},

	{name: "the peer answers", want: "ok vip.192.0.2.10: 02:00:00:00:00:02 answers for the VIP 192.0.2.10 on eth1, and nobody else does"},
	{name: "this node answers", upset: having(func(*Facts) {}), want: "ok vip.192.0.2.10: this node has the VIP 192.0.2.10, and nobody else answers for it"},
	{name: "a stranger answers for ours", upset: having(func(f *Facts) { f.Claims = claimed("192.0.2.10", "02:00:00:00:00:66") }),
		want: "failing vip.192.0.2.10: this node has the VIP 192.0.2.10, and 02:00:00:00:00:66 answers for it on eth1 as well\nsee: arping -D -c 2 -I eth1 192.0.2.10"},
	{name: "the peer answers for ours", upset: having(func(f *Facts) {
		f.Wire.Adverts = append(f.Wire.Adverts, theirs())
		f.Claims = claimed("192.0.2.10", "02:00:00:00:00:02")
	}), want: "failing vip.192.0.2.10: this node has the VIP 192.0.2.10, and so has b\nsee: lbsup doctor   # on b"},
	{name: "a stranger answers for the peer's", upset: func(_ *testing.T, f *Facts) {
		f.Claims[addr("192.0.2.10")] = Claim{Hardware: []string{"02:00:00:00:00:66"}}
	},
		want: "failing vip.192.0.2.10: 02:00:00:00:00:66 answers for the VIP 192.0.2.10 on eth1, and the adverts come from 02:00:00:00:00:02\n" +
			"see: arping -D -c 2 -I eth1 192.0.2.10"},
	{name: "two answer", upset: func(_ *testing.T, f *Facts) {
		f.Claims[addr("192.0.2.10")] = Claim{Hardware: []string{"02:00:00:00:00:02", "02:00:00:00:00:66"}}
	}, want: "failing vip.192.0.2.10: 02:00:00:00:00:02, 02:00:00:00:00:66 answer for the VIP 192.0.2.10 on eth1, and one only may\nsee: arping -D -c 2 -I eth1 192.0.2.10"},
	{name: "nobody answers", upset: func(_ *testing.T, f *Facts) { f.Claims = nil },
		want: "failing vip.203.0.113.10: nobody answers for the VIP 203.0.113.10 on eth0\nsee: lbsup status"},
	{name: "nobody can be asked", upset: func(_ *testing.T, f *Facts) { f.Claims[addr("192.0.2.10")] = Claim{Problem: "it is no Ethernet"} },
		want: "warning vip.192.0.2.10: who answers for 192.0.2.10 could not be asked: it is no Ethernet\nsee: arping -D -c 2 -I eth1 192.0.2.10"},
}

func claimed(address string, by ...string) map[netip.Addr]Claim {
	return map[netip.Addr]Claim{addr(address): {Hardware: by}}
}

func on(platform string) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { f.Platform = platform }
}

func left(l Leftover) func(*testing.T, *Facts) {
	return func(_ *testing.T, f *Facts) { f.Leftovers = []Leftover{l} }
}

const nothingLeft = "ok leftover: nothing is left of a pair built by hand"

// handedOver is the cluster whose HAProxy is configured by hand.
var handedOver = file[:strings.Index(file, "services:")] + "haproxy: {files: [/etc/haproxy/own.cfg]}\n"

var restRows = []row{
	{name: "no cloud", want: "ok cloud: this is no platform that is known to filter adverts or VIPs"},
	{name: "OpenStack", upset: on(openStack), want: "warning cloud: this is OpenStack: its ports drop what comes from addresses that they do not know, so each VIP must be an allowed address pair\n" +
		"openstack port set --allowed-address ip-address=203.0.113.10 --allowed-address ip-address=192.0.2.10 PORT   # each node's port"},
	{name: "no multicast", upset: on(aws), want: "failing cloud: this is Amazon EC2, which carries no multicast: the nodes do not hear each other\nlbsup reload   # with unicast: true under vrrp, on every node"},
	{name: "unicast there", upset: on(azure), file: strings.Replace(file, "vrrp:\n", "vrrp:\n  unicast: true\n", 1),
		want: "warning cloud: this is Microsoft Azure, where an address moves by the platform's own interface alone: keepalived's 203.0.113.10, 192.0.2.10 stays unreachable without it"},
	{name: "VMware", upset: on(vmware), want: "ok cloud: this is VMware: VIPs move without promiscuous mode, for no virtual hardware addresses are used"},

	{name: "a node that tells", file: telling, want: "ok peer.b: b tells this node how it is"},
	{name: "a node that tells nothing", file: telling, upset: func(_ *testing.T, f *Facts) { f.Supervisor.Peers["b"] = "connection refused" },
		want: "warning peer.b: b does not tell this node how it is: connection refused\nsee: lbsup doctor   # on b"},
	{name: "a node that was not asked yet", file: telling, upset: func(_ *testing.T, f *Facts) { f.Supervisor.Peers = nil },
		want: "warning peer.b: b does not tell this node how it is: it was not asked yet\nsee: lbsup doctor   # on b"},

	{name: "nothing left", want: nothingLeft},
	{name: "a line of sudoers", upset: left(Leftover{Kind: kindSudoers, Path: "/etc/sudoers.d/k", Text: "systemctl", User: "keepalived_script"}),
		want: "warning leftover.sudoers: /etc/sudoers.d/k lets a check run systemctl as root: lbsup-check needs no rights\n" +
			"sed -i.old '/^[[:space:]]*keepalived_script[[:space:]].*NOPASSWD.*systemctl/d' /etc/sudoers.d/k && visudo -c"},
	{name: "a line of sudoers that is no safe word", upset: left(Leftover{Kind: kindSudoers, Path: "/etc/sudoers.d/k", Text: "killall", User: "haproxy'$(reboot)'"}),
		want: "warning leftover.sudoers: /etc/sudoers.d/k lets a check run killall as root: lbsup-check needs no rights\nsee: visudo -f '/etc/sudoers.d/k'"},
	{name: "a module", upset: left(Leftover{Kind: kindSELinux, Path: "/var/lib/selinux/targeted/active/modules/300/keepalived_custom", Text: "keepalived_custom"}),
		want: "warning leftover.selinux: the SELinux module keepalived_custom was made by hand for keepalived: the package lbsup-selinux grants less\nsemodule -X 300 -r keepalived_custom"},
	{name: "a check of a process", upset: left(Leftover{Kind: kindCheck, Path: "/etc/keepalived/keepalived.conf", Text: "/usr/bin/killall -0 haproxy"}),
		want: "warning leftover.check: /etc/keepalived/keepalived.conf asks by \"/usr/bin/killall -0 haproxy\" whether HAProxy works: that sees a process, and not whether it answers\nlbsup reload --overwrite"},
	{name: "a check as root", upset: left(Leftover{Kind: kindRoot, Path: "/etc/keepalived/keepalived.conf"}),
		want: "warning leftover.root: /etc/keepalived/keepalived.conf runs its checks as root\nlbsup reload --overwrite"},
	{name: "a script", upset: left(Leftover{Kind: kindScript, Path: "/etc/keepalived/chk.sh"}),
		want: "warning leftover.script: /etc/keepalived/chk.sh is a check that nothing runs any more\nrm /etc/keepalived/chk.sh"},
	{name: "a script that a check of lbsup's runs", upset: left(Leftover{Kind: kindScript, Path: "/etc/keepalived/chk.sh"}),
		file: file + "checks: {mine: {exec: [/bin/sh, -c, \"/etc/keepalived/chk.sh x\"]}}\n", want: nothingLeft},
	{name: "a script that tells somebody", upset: left(Leftover{Kind: kindScript, Path: "/etc/keepalived/tell.sh"}),
		file: file + "notify: [{exec: [/etc/keepalived/tell.sh]}]\n", want: nothingLeft},
	{name: "a sysctl that hand-written files may need", upset: left(Leftover{Kind: kindSysctl, Path: "/etc/sysctl.d/h.conf", Text: "net.ipv4.ip_nonlocal_bind"}),
		file: handedOver, want: nothingLeft},
	{name: "a sysctl that a raw bind may need", upset: left(Leftover{Kind: kindSysctl, Path: "/etc/sysctl.d/h.conf", Text: "net.ipv4.ip_nonlocal_bind"}),
		file: file + "  raw: [\"bind 203.0.113.10:6443\"]\n", want: nothingLeft},
	{name: "a sysctl", upset: left(Leftover{Kind: kindSysctl, Path: "/etc/sysctl.d/h.conf", Text: "net.ipv4.ip_nonlocal_bind"}),
		want: "warning leftover.sysctl: /etc/sysctl.d/h.conf sets net.ipv4.ip_nonlocal_bind, which nothing needs any more\n" +
			"sed -i.old '/net.ipv4.ip_nonlocal_bind/d' /etc/sysctl.d/h.conf && sysctl -w net.ipv4.ip_nonlocal_bind=0"},
	{name: "files that HAProxy loads too", upset: func(_ *testing.T, f *Facts) {
		f.Leftovers = []Leftover{{Kind: kindLoaded, Path: "/etc/haproxy/conf.d/a.cfg"}, {Kind: kindLoaded, Path: "/etc/haproxy/conf.d/b.cfg"}}
	}, want: "warning leftover.loaded: haproxy.service loads /etc/haproxy/conf.d/a.cfg, /etc/haproxy/conf.d/b.cfg too, which lbsup does not render: " +
		"move what is there into services, and remove it\nsee: cat /etc/haproxy/conf.d/a.cfg /etc/haproxy/conf.d/b.cfg"},
	{name: "a file that HAProxy loads, as the cluster file says", upset: left(Leftover{Kind: kindLoaded, Path: "/etc/haproxy/own.cfg"}), file: handedOver, want: nothingLeft},
	{name: "a service of firewalld", upset: left(Leftover{Kind: kindFirewalld, Path: "/etc/firewalld/services/VRRP.xml", Text: "VRRP"}),
		want: "warning leftover.firewalld: /etc/firewalld/services/VRRP.xml is a firewalld service made by hand: lbsup host apply makes one with exactly the ports\n" +
			"firewall-cmd --permanent --remove-service=VRRP && firewall-cmd --permanent --delete-service=VRRP && firewall-cmd --reload"},
}
