package host

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// file is a cluster file with the parts that matter here.
func file(vrrp, instances, services string) string {
	return "cluster: c\nnodes:\n- {name: a, address: 192.0.2.1}\n- {name: b, address: 192.0.2.2}\nvrrp:\n" + vrrp + "  instances:\n" + instances + services
}

const (
	plain  = "  - {name: V, router_id: 1, interface: eth0, addresses: [{address: 192.0.2.10/24}]}\n"
	sixth  = "  - {name: V6, router_id: 1, interface: eth0.6, addresses: [{address: \"fd00::10/64\"}]}\n"
	web    = "services:\n- {name: web, bind: [\"*:80\"], servers: [{name: s, address: \"192.0.2.21:80\"}]}\n"
	server = ", servers: [{name: s, address: \"192.0.2.21:80\"}]}\n"
)

func TestPorts(t *testing.T) {
	for _, row := range []struct {
		name, services string
		want           []Port
	}{
		{"every address", web, []Port{{Number: 80, Interfaces: []string{"eth0", "eth0.6"}, For: "web"}}},
		{"every address, written out", strings.Replace(web, "*:80", "0.0.0.0:80", 1), []Port{{Number: 80, Interfaces: []string{"eth0", "eth0.6"}, For: "web"}}},
		{"a VIP", strings.Replace(web, "*:80", "192.0.2.10:80", 1),
			[]Port{{Number: 80, Address: netip.MustParseAddr("192.0.2.10"), Interfaces: []string{"eth0"}, For: "web"}}},
		{"a VIP of IPv6", strings.Replace(web, "*:80", "[fd00::10]:80", 1),
			[]Port{{Number: 80, Address: netip.MustParseAddr("fd00::10"), Interfaces: []string{"eth0.6"}, For: "web"}}},
		{"the node's own address", strings.Replace(web, "*:80", "192.0.2.1:80", 1),
			[]Port{{Number: 80, Address: netip.MustParseAddr("192.0.2.1"), Interfaces: []string{"eth0"}, For: "web"}}},
		{"another address of the host's own", strings.Replace(web, "*:80", "192.0.2.7:80", 1),
			[]Port{{Number: 80, Address: netip.MustParseAddr("192.0.2.7"), For: "web"}}},
		{"by number, the statistics among them", "stats: {bind: \"*:90\"}\nservices:\n- {name: y, bind: [\"*:443\"]" + server + "- {name: x, bind: [\"*:80\"]" + server,
			[]Port{{Number: 80, Interfaces: []string{"eth0", "eth0.6"}, For: "x"}, {Number: 90, Interfaces: []string{"eth0", "eth0.6"}, For: "stats"},
				{Number: 443, Interfaces: []string{"eth0", "eth0.6"}, For: "y"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := Of(parse(t, file("", plain+sixth, row.services))).Ports
			if diff := cmp.Diff(row.want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// exchange and shown are lbsup's own ports.
const (
	exchange = "peers: {key_file: /etc/lbsup/peers.key}\n"
	shown    = "status: {listen: \"*:9105\"}\n"
)

func TestOwnPorts(t *testing.T) {
	peers := Port{Number: 9106, Address: netip.MustParseAddr("192.0.2.1"), Interfaces: []string{"eth0"}, From: []netip.Addr{netip.MustParseAddr("192.0.2.2")}, For: "peers"}
	elsewhere := strings.Replace(plain, "192.0.2.10/24", "198.51.100.10/24", 1)
	for _, row := range []struct {
		name, text string
		want       []Port
		rules      []string // the last ones
	}{
		{"none", file("", plain, web), nil, nil},
		{"peers", file("", plain, web+exchange), []Port{peers}, []string{"ip saddr 192.0.2.2 ip daddr 192.0.2.1 tcp dport 9106 accept"}},
		{"peers of a pair whose VIPs are elsewhere", file("", elsewhere, web+exchange), []Port{peers}, []string{"ip saddr 192.0.2.2 ip daddr 192.0.2.1 tcp dport 9106 accept"}},
		{"peers of IPv6", strings.NewReplacer("192.0.2.1}", "\"fd00::1\"}", "192.0.2.2}", "\"fd00::2\"}").Replace(file("", sixth, web+exchange)),
			[]Port{{Number: 9106, Address: netip.MustParseAddr("fd00::1"), Interfaces: []string{"eth0.6"}, From: []netip.Addr{netip.MustParseAddr("fd00::2")}, For: "peers"}},
			[]string{"ip6 saddr fd00::2 ip6 daddr fd00::1 tcp dport 9106 accept"}},
		{"three nodes", strings.Replace(file("", plain, web+exchange), "vrrp:", "- {name: c, address: 192.0.2.3}\nvrrp:", 1),
			[]Port{{Number: 9106, Address: peers.Address, Interfaces: []string{"eth0"}, From: []netip.Addr{netip.MustParseAddr("192.0.2.2"), netip.MustParseAddr("192.0.2.3")}, For: "peers"}},
			[]string{"ip saddr { 192.0.2.2, 192.0.2.3 } ip daddr 192.0.2.1 tcp dport 9106 accept"}},
		{"a node alone has no peers", strings.Replace(file("", plain, web+exchange), "- {name: b, address: 192.0.2.2}\n", "", 1), nil, nil},
		{"the page, and peers", file("", plain, web+shown+exchange), []Port{{Number: 9105, Interfaces: []string{"eth0"}, For: "status"}, peers},
			[]string{`iifname "eth0" tcp dport 9105 accept`, "ip saddr 192.0.2.2 ip daddr 192.0.2.1 tcp dport 9106 accept"}},
		{"a page on the node's address", file("", plain, web+strings.Replace(shown, "*", "192.0.2.1", 1)),
			[]Port{{Number: 9105, Address: peers.Address, Interfaces: []string{"eth0"}, For: "status"}}, []string{`iifname "eth0" ip daddr 192.0.2.1 tcp dport 9105 accept`}},
		{"a page on an address whose interface is not told", file("", elsewhere, web+strings.Replace(shown, "*", "192.0.2.1", 1)),
			[]Port{{Number: 9105, Address: peers.Address, For: "status"}}, []string{`ip daddr 192.0.2.1 tcp dport 9105 accept`}},
		{"a page for this host", file("", plain, web+strings.Replace(shown, "*", "127.0.0.1", 1)), []Port{{Number: 9105, Address: netip.MustParseAddr("127.0.0.1"), For: "status"}}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := Of(parse(t, row.text))
			if diff := cmp.Diff(row.want, n.Own, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			without := n
			without.Own = nil
			if diff := cmp.Diff(row.rules, n.Rules()[len(without.Rules()):], cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("rules (-want +got)\n%s", diff)
			}
		})
	}
}

// What only this host reaches is let in by no rule and no service.
func TestInside(t *testing.T) {
	n := Of(parse(t, strings.Replace(file("", plain, "stats: {bind: \"127.0.0.1:90\"}\n"+web+shown), "*:9105", "[::1]:9105", 1)))
	if len(n.Ports) != 2 || len(n.Own) != 1 {
		t.Fatalf("got %+v and %+v", n.Ports, n.Own)
	}
	for _, s := range n.Firewalld() {
		n.Cluster += s.Name + s.Text
	}
	if all := n.Cluster + strings.Join(n.Rules(), "\n"); strings.Contains(all, "90") || !strings.Contains(all, "80") {
		t.Errorf("got %s", all)
	}
}

func TestFirewalldForPeers(t *testing.T) {
	services := Of(parse(t, file("", plain, web+shown+exchange))).Firewalld()
	if len(services) != 4 || services[2].Name != StatusService || services[3].Name != PeersService {
		t.Fatalf("got %+v", services)
	}
	if rules := services[2].RichRules(); len(rules) > 0 {
		t.Errorf("the page is for everybody: got %q", rules)
	}
	want := []string{`rule family="ipv4" source address="192.0.2.2" service name="lbsup-peers" accept`}
	if diff := cmp.Diff(want, services[3].RichRules()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i, port := range map[int]string{2: "9105", 3: "9106"} {
		if !strings.Contains(services[i].Text, `<port protocol="tcp" port="`+port+`"/>`) || strings.Count(services[i].Text, "<port") != 1 {
			t.Errorf("%s: %s", services[i].Name, services[i].Text)
		}
	}
}

func TestRules(t *testing.T) {
	ah := "  - {name: V, router_id: 1, interface: eth0, addresses: [{address: 192.0.2.10/24}], auth: {type: ah, password_file: /etc/lbsup/p}}\n"
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"both families", file("", plain+sixth, web), []string{
			`iifname "eth0" ip daddr 224.0.0.18 meta l4proto 112 accept`, `iifname "eth0.6" ip6 daddr ff02::12 meta l4proto 112 accept`,
			`iifname { "eth0", "eth0.6" } tcp dport 80 accept`}},
		{"unicast", file("  unicast: true\n", plain, web), []string{`iifname "eth0" ip saddr 192.0.2.2 meta l4proto 112 accept`, `iifname "eth0" tcp dport 80 accept`}},
		{"authenticated", file("  version: 2\n", ah, web), []string{`iifname "eth0" ip daddr 224.0.0.18 meta l4proto 51 accept`, `iifname "eth0" tcp dport 80 accept`}},
		{"a bind to a VIP of IPv6", file("", sixth, strings.Replace(web, "*:80", "[fd00::10]:80", 1)), []string{
			`iifname "eth0.6" ip6 daddr ff02::12 meta l4proto 112 accept`, `iifname "eth0.6" ip6 daddr fd00::10 tcp dport 80 accept`}},
		{"hand-written files", file("", plain, "haproxy: {files: [/etc/haproxy/own.cfg]}\n"), []string{`iifname "eth0" ip daddr 224.0.0.18 meta l4proto 112 accept`}},
		{"a node alone", strings.Replace(file("", plain, web), "- {name: b, address: 192.0.2.2}\n", "", 1), []string{`iifname "eth0" tcp dport 80 accept`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := Of(parse(t, row.text))
			if diff := cmp.Diff(row.want, n.Rules()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if hand := strings.Contains(row.text, "files:"); hand != (len(n.Notes) > 0) {
				t.Errorf("notes %v", n.Notes)
			}
		})
	}
}

func TestFirewalld(t *testing.T) {
	for _, row := range []struct {
		name, vrrp, instances string
		want                  []string // lines of the service of adverts
		not                   string
	}{
		{"both families", "", plain + sixth, []string{`<protocol value="vrrp"/>`, `<destination ipv4="224.0.0.18" ipv6="ff02::12"/>`}, `"ah"`},
		{"unicast", "  unicast: true\n", plain, []string{`<protocol value="vrrp"/>`}, "<destination"},
		{"authenticated", "  version: 2\n", strings.Replace(plain, "]}\n", "], auth: {type: ah, password_file: /etc/lbsup/p}}\n", 1),
			[]string{`<protocol value="ah"/>`, `<destination ipv4="224.0.0.18"/>`}, `"vrrp"/>`},
	} {
		t.Run(row.name, func(t *testing.T) {
			services := Of(parse(t, file(row.vrrp, row.instances, web))).Firewalld()
			if len(services) != 2 || services[0].Name != "lbsup" || services[1].Name != "lbsup-vrrp" {
				t.Fatalf("got %+v", services)
			}
			for _, want := range row.want {
				if !strings.Contains(services[1].Text, want) {
					t.Errorf("lacks %s:\n%s", want, services[1].Text)
				}
			}
			if strings.Contains(services[1].Text, row.not) {
				t.Errorf("has %s:\n%s", row.not, services[1].Text)
			}
		})
	}
}

func TestSysctls(t *testing.T) {
	crossing := "  - {name: V, router_id: 1, interface: eth1, addresses: [{address: 192.0.2.10/24, interface: eth0}]}\n"
	high := strings.Replace(web, "*:80", "*:40000", 1)
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"none", file("", plain, web), nil},
		{"a VIP's network holds the peers of another interface", file("", crossing, web), []string{"net.ipv4.conf.eth1.rp_filter=2"}},
		{"only once", file("", crossing+strings.NewReplacer("V,", "W,", "router_id: 1", "router_id: 2", "2.10/", "2.11/").Replace(crossing), web), []string{"net.ipv4.conf.eth1.rp_filter=2"}},
		{"nobody sends adverts", strings.Replace(file("", crossing, web), "- {name: b, address: 192.0.2.2}\n", "", 1), nil},
		{"a port that outgoing connections use", file("", plain, high), []string{"net.ipv4.ip_local_reserved_ports=40000"}},
		{"a port of lbsup's own that outgoing connections use", file("", plain, web+strings.Replace(shown, "9105", "40001", 1)), []string{"net.ipv4.ip_local_reserved_ports=40001"}},
		{"IPv6 on an interface with a dot", file("", sixth, web), []string{"net.ipv6.conf.eth0/6.disable_ipv6=0"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, s := range Of(parse(t, row.text)).Sysctls {
				got = append(got, s.Key+"="+s.Value)
				if s.Why == "" {
					t.Errorf("%s has no reason", s.Key)
				}
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestUnneeded(t *testing.T) {
	keys := func(text string) (out []string) {
		for _, s := range Of(parse(t, text)).Unneeded {
			out = append(out, s.Key)
		}
		return out
	}
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"IPv4", file("", plain, web), []string{"net.ipv4.ip_nonlocal_bind", "net.ipv4.ip_forward"}},
		{"both families", file("", plain+sixth, web), []string{"net.ipv4.ip_nonlocal_bind", "net.ipv6.ip_nonlocal_bind", "net.ipv4.ip_forward"}},
		{"hand-written files may bind as they like", file("", plain, "haproxy: {files: [/etc/haproxy/own.cfg]}\n"), []string{"net.ipv4.ip_forward"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, keys(row.text)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestMet(t *testing.T) {
	const all, one = "/proc/sys/net/ipv4/conf/all/rp_filter", "/proc/sys/net/ipv4/conf/eth0.6/rp_filter"
	rp := Sysctl{Key: "net.ipv4.conf.eth0/6.rp_filter", Value: "2"}
	ports := Sysctl{Key: reservedPorts, Value: "35357"}
	for _, row := range []struct {
		name   string
		s      Sysctl
		kernel map[string]string
		want   bool
	}{
		{"strict on the interface", rp, map[string]string{all: "0", one: "1"}, false},
		{"strict on all", rp, map[string]string{all: "1", one: "0"}, false},
		{"loose on the interface", rp, map[string]string{all: "1", one: "2"}, true},
		{"loose on all", rp, map[string]string{all: "2", one: "1"}, true},
		{"no such interface", rp, map[string]string{all: "0"}, false},
		{"off", rp, map[string]string{all: "0", one: "0"}, true},
		{"no port reserved", ports, nil, false},
		{"another port reserved", ports, map[string]string{ports.Path(): "80"}, false},
		{"reserved", ports, map[string]string{ports.Path(): "80,35357"}, true},
		{"reserved in a range", ports, map[string]string{ports.Path(): "35000-36000"}, true},
		{"set", Sysctl{Key: "a.b", Value: "0"}, map[string]string{"/proc/sys/a/b": "0"}, true},
		{"not set", Sysctl{Key: "a.b", Value: "0"}, map[string]string{"/proc/sys/a/b": "1"}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.s.Met(func(path string) string { return row.kernel[path] }); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestUnion(t *testing.T) {
	for _, row := range []struct{ a, b, want string }{
		{"", "", ""}, {"80", "", "80"}, {"80", "80", "80"}, {"443,80", "81", "80-81,443"}, {"8000-8010", "8005-8020", "8000-8020"},
		{"8000-8010\n", "8011", "8000-8011"}, {"1,3", "5", "1,3,5"}, {"nonsense,7,9-8,70000", "1", "1,7"},
	} {
		t.Run(row.a+" and "+row.b, func(t *testing.T) {
			if got := Union(row.a, row.b); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	if got := (Sysctl{Key: reservedPorts, Value: "35357"}).Wanted("80"); got != "80,35357" {
		t.Errorf("another's ports are lost: %q", got)
	}
	if got := (Sysctl{Key: "a.b", Value: "2"}).Wanted("1"); got != "2" {
		t.Errorf("got %q", got)
	}
}

func FuzzUnion(f *testing.F) {
	f.Add("80,8000-8010", "443")
	f.Fuzz(func(t *testing.T, a, b string) {
		u := Union(a, b)
		if again := Union(u, ""); again != u {
			t.Errorf("%q is not in order: %q", u, again)
		}
		if back := Union(b, a); back != u {
			t.Errorf("%q one way, %q the other", u, back)
		}
		if !slices.Equal(spans(u), spans(Union(u, a))) {
			t.Errorf("%q does not hold %q", u, a)
		}
	})
}
