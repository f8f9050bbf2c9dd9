package ruleset

import (
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

var endings = strings.NewReplacer(" } }", ";\n}\n}\n", "accept }", "accept\n}\n", "drop }", "drop\n}\n", "; }", ";\n}\n")

// load has the real nft take a ruleset in a network namespace of its own, and returns what it then lists.
func load(t *testing.T, text string) Ruleset {
	t.Helper()
	cmd := exec.Command("unshare", "--net", "sh", "-c", "nft -f - 2>&1 && nft -j list ruleset")
	cmd.Stdin = strings.NewReader(endings.Replace(text)) // nft wants a rule to end before its chain does
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, text)
	}
	r, err := Parse(out)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var (
	web       = Packet{Interface: "eth0", Protocol: 6, Port: 80}
	somewhere = Packet{Protocol: 6, Port: 80}
	sixth     = Packet{Interface: "eth0", Protocol: 6, Port: 80, IPv6: true}
	advert    = Packet{Interface: "eth1", Protocol: 112, Source: netip.MustParseAddr("192.0.2.2"), Destination: netip.MustParseAddr("224.0.0.18")}
)

const (
	open   = "table inet filter { chain input { type filter hook input priority 0; policy accept; %s } }"
	closed = "table inet filter { chain input { type filter hook input priority 0; policy drop; ct state established,related accept; iifname lo accept; %s } }"
)

func TestJudge(t *testing.T) {
	need.Root(t)
	need.Programs(t, "unshare", "nft", "ip")
	for _, row := range []struct {
		name, base, rules string
		packet            Packet
		want              Decision
	}{
		{"no rules", "", "", web, Accepted},
		{"an open chain", open, "", web, Accepted},
		{"a closed chain", closed, "", web, Dropped},
		{"its port opened", closed, "tcp dport 80 accept", web, Accepted},
		{"in a set", closed, "tcp dport { 22, 80-90 } accept", web, Accepted},
		{"in no set", closed, "tcp dport { 22, 443 } accept", web, Dropped},
		{"on another interface", closed, `iifname "eth1" tcp dport 80 accept`, web, Dropped},
		{"on one of some", closed, `iifname { "eth1", "eth0" } tcp dport 80 accept`, web, Accepted},
		{"on those of a kind", closed, `iifname "eth*" tcp dport 80 accept`, web, Accepted},
		{"on none but another", closed, `iifname != "eth1" tcp dport 80 accept`, web, Accepted},
		{"on one, and which is not told", closed, `iifname "eth1" tcp dport 80 accept`, somewhere, Unknown},
		{"on all but one, and which is not told", closed, `iifname != "eth1" tcp dport 80 accept`, somewhere, Unknown},
		{"on one of some, and which is not told", open, `iifname { "eth1", "lo" } tcp dport 80 drop`, somewhere, Unknown},
		{"on any", closed, "tcp dport 80 accept", somewhere, Accepted},
		{"on none but the host's own", closed, "tcp dport 443 accept", somewhere, Dropped},
		{"on all but the host's own", open, `iifname != "lo" tcp dport 80 drop`, somewhere, Dropped},
		{"new connections", closed, "ct state new tcp dport 80 accept", web, Accepted},
		{"what was translated is another matter", closed, "ct status dnat accept", web, Dropped},
		{"a port of UDP", closed, "udp dport 80 accept", web, Dropped},
		{"either transport", closed, "meta l4proto { tcp, udp } th dport 80 accept", web, Accepted},
		{"from some clients only", closed, "ip saddr 10.0.0.0/8 tcp dport 80 accept", web, Unknown},
		{"not from some clients", open, "ip saddr 10.0.0.0/8 drop", web, Unknown},
		{"within a rate", closed, "tcp dport 80 limit rate 10/second accept", web, Unknown},
		{"dropped by its port", open, "tcp dport 80 drop", web, Dropped},
		{"rejected", open, "tcp dport 80 reject with tcp reset", web, Dropped},
		{"counted and dropped", open, `tcp dport 80 counter log prefix "x" drop`, web, Dropped},
		{"of the other family", closed, "meta nfproto ipv4 tcp dport 80 accept", sixth, Dropped},
		{"of this family", closed, "meta nfproto ipv6 tcp dport 80 accept", sixth, Accepted},
		{"IPv4 has its own header", closed, "ip daddr 192.0.2.10 accept", sixth, Dropped},

		{"adverts into a closed chain", closed, "tcp dport 80 accept", advert, Dropped},
		{"adverts by protocol", closed, "meta l4proto 112 accept", advert, Accepted},
		{"adverts by name", closed, "ip protocol vrrp accept", advert, Accepted},
		{"adverts by their group", closed, "ip daddr 224.0.0.18 accept", advert, Accepted},
		{"adverts by multicast", closed, "meta pkttype multicast accept", advert, Accepted},
		{"adverts by network", closed, "ip daddr 224.0.0.0/24 accept", advert, Accepted},
		{"adverts of the peer", closed, "ip saddr { 192.0.2.2, 192.0.2.3 } ip protocol 112 accept", advert, Accepted},
		{"adverts of another peer", closed, "ip saddr 192.0.2.3 ip protocol 112 accept", advert, Dropped},
		{"adverts of a range of peers", closed, "ip saddr 192.0.2.1-192.0.2.9 accept", advert, Accepted},
		{"adverts dropped", open, "meta l4proto 112 drop", advert, Dropped},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := load(t, strings.Replace(row.base, "%s", row.rules, 1)).Judge(row.packet)
			if got.Decision != row.want {
				t.Errorf("got %+v, want %d", got, row.want)
			}
			if got.Decision == Dropped && got.Chain != "inet filter input" {
				t.Errorf("dropped by %q", got.Chain)
			}
		})
	}
}

func TestJudgeAcrossChains(t *testing.T) {
	need.Root(t)
	need.Programs(t, "unshare", "nft", "ip")
	for _, row := range []struct {
		name, text string
		packet     Packet
		want       Decision
	}{
		{"a jump that accepts", `table inet f { chain web { tcp dport 80 accept }
			chain in { type filter hook input priority 0; policy drop; jump web } }`, web, Accepted},
		{"a jump that comes back", `table inet f { chain web { tcp dport 443 accept }
			chain in { type filter hook input priority 0; policy drop; jump web; accept } }`, web, Accepted},
		{"a return", `table inet f { chain web { tcp dport 80 return; drop }
			chain in { type filter hook input priority 0; policy accept; jump web } }`, web, Accepted},
		{"goto does not come back", `table inet f { chain web { tcp dport 443 accept }
			chain in { type filter hook input priority 0; policy drop; goto web; accept } }`, web, Dropped},
		{"a verdict map", `table inet f { chain in { type filter hook input priority 0; policy drop; tcp dport vmap { 22 : accept, 80 : accept } } }`, web, Accepted},
		{"a verdict map of another port", `table inet f { chain in { type filter hook input priority 0; policy drop; tcp dport vmap { 22 : accept } } }`, web, Dropped},
		{"a verdict map that jumps", `table inet f { chain zone { tcp dport 80 accept }
			chain in { type filter hook input priority 0; policy drop; iifname vmap { "eth0" : jump zone }
}
}`, web, Accepted},
		{"a named set", `table inet f { set ports { type inet_service; elements = { 80, 443 }
}
			chain in { type filter hook input priority 0; policy drop; tcp dport @ports accept } }`, web, Accepted},
		{"a named set with intervals", `table inet f { set ports { type inet_service; flags interval; elements = { 70-90 }
}
			chain in { type filter hook input priority 0; policy drop; tcp dport @ports accept } }`, web, Accepted},
		{"a second table that drops", `table inet a { chain in { type filter hook input priority 0; accept } }
			table ip b { chain in { type filter hook input priority 10; policy drop; } }`, web, Dropped},
		{"a second table of the other family", `table ip b { chain in { type filter hook input priority 10; policy drop; } }`, sixth, Accepted},
		{"what goes out is another matter", `table inet f { chain out { type filter hook output priority 0; policy drop; } }`, web, Accepted},
		{"zones, as firewalld has them", `table inet firewalld {
			chain filter_INPUT { type filter hook input priority 10; policy accept;
				ct state { established, related } accept; ct status dnat accept; iifname "lo" accept; jump zones; ct state { invalid } drop
				reject with icmpx type admin-prohibited; }
			chain zones { iifname "eth1" goto internal; goto public; }
			chain internal { jump internal_allow; meta l4proto { icmp, ipv6-icmp } accept; reject with icmpx type admin-prohibited; }
			chain internal_allow { ip daddr 224.0.0.18 meta l4proto 112 ct state { new, untracked } accept; }
			chain public { jump public_allow; reject with icmpx type admin-prohibited; }
			chain public_allow { tcp dport 22 ct state { new, untracked } accept; } }`, advert, Accepted},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := load(t, row.text).Judge(row.packet); got.Decision != row.want {
				t.Errorf("got %+v, want %d", got, row.want)
			}
		})
	}
}

func TestIptables(t *testing.T) {
	for _, row := range []struct {
		name, expr string
		want       Decision
	}{
		{"an extension may decide anything", `{"xt": {"type": "match", "name": "recent"}}, {"accept": null}`, Unknown},
		{"what comes after does not", `{"counter": {}}, {"drop": null}`, Dropped},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := Parse([]byte(`{"nftables": [{"chain": {"family": "ip", "table": "filter", "name": "INPUT", "hook": "input", "policy": "drop"}},
				{"rule": {"family": "ip", "table": "filter", "chain": "INPUT", "expr": [` + row.expr + `]}}]}`))
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Judge(web); got.Decision != row.want {
				t.Errorf("got %+v, want %d", got, row.want)
			}
		})
	}
}

func TestLoops(t *testing.T) {
	r, err := Parse([]byte(`{"nftables": [{"chain": {"family": "ip", "table": "f", "name": "in", "hook": "input", "policy": "accept"}},
		{"rule": {"family": "ip", "table": "f", "chain": "in", "expr": [{"jump": {"target": "in"}}]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Judge(web); got.Decision != Unknown {
		t.Errorf("got %+v of a ruleset that no kernel takes", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"nftables": [{"chain": {"family": "inet", "table": "f", "name": "in", "hook": "input", "policy": "drop"}},
		{"set": {"family": "inet", "table": "f", "name": "s", "elem": [80, {"elem": {"val": 81}}]}},
		{"rule": {"family": "inet", "table": "f", "chain": "in", "expr": [{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth0"}},
		{"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, {"accept": null}], [{"range": [1, 2]}, {"goto": {"target": "x"}}]]}}}]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil {
			return
		}
		for _, p := range []Packet{web, somewhere, sixth, advert} {
			if v := r.Judge(p); (v.Decision == Dropped) != (v.Chain != "") {
				t.Errorf("%+v", v)
			}
		}
	})
}
