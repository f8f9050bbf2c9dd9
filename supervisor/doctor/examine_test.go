package doctor

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

// file is the cluster of these tests: everything that is examined is in it.
const file = `cluster: c
nodes: [{name: a, address: 192.0.2.1}, {name: b, address: 192.0.2.2}]
vrrp:
  advert_interval: 200ms
  instances:
  - {name: V, router_id: 51, interface: eth1, addresses: [{address: 203.0.113.10/24, interface: eth0}, {address: 192.0.2.10/24}]}
services:
- name: web
  bind: ["*:80", "203.0.113.10:35357"]
  tls: {certificates: [/c.pem]}
  servers: [{name: s, address: "web.example.net:8080"}]
`

func local(t testing.TB, text string) *cluster.Local {
	t.Helper()
	c, problems := cluster.Parse("test", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	l, err := c.Local("a")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	now  = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	addr = netip.MustParseAddr
	vip  = addr("203.0.113.10")
)

const reserved = "/proc/sys/net/ipv4/ip_local_reserved_ports"

func rules(t testing.TB, expressions string) ruleset.Ruleset {
	t.Helper()
	r, err := ruleset.Parse([]byte(`{"nftables": [{"chain": {"family": "inet", "table": "f", "name": "in", "hook": "input", "policy": "drop"}},
		{"rule": {"family": "inet", "table": "f", "chain": "in", "expr": [` + expressions + `]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	webRule    = `{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [80, 35357]}}}, {"accept": null}`
	advertRule = `{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": 112}}, {"accept": null}`
)

// theirs is the peer's advert, mine this host's.
func theirs() Advert {
	return Advert{Link: "eth1", RouterID: 51, Source: addr("192.0.2.2"), Hardware: "02:00:00:00:00:02", Priority: 253, Interval: 200 * time.Millisecond,
		Addresses: []netip.Addr{vip}, Passed: true, Count: 9}
}

func mine() Advert {
	a := theirs()
	a.Source, a.Hardware, a.Sent, a.Passed = addr("192.0.2.1"), "02:00:00:00:00:01", true, false
	return a
}

// well are the facts of a node of a good pair that waits.
func well(t testing.TB) *Facts {
	t.Helper()
	unit := Unit{LoadState: "loaded", ActiveState: "active", FileState: "enabled"}
	daemon := unit
	daemon.DropIns, daemon.After = []string{"/usr/lib/systemd/system/x.service.d/50-lbsup.conf"}, []string{"lbsup-health.socket"}
	prefixes := func(all ...string) (out []netip.Prefix) {
		for _, one := range all {
			out = append(out, netip.MustParsePrefix(one))
		}
		return out
	}
	return &Facts{
		At: now, Root: true, Installer: "dnf",
		HAProxy:    HAProxy{Build: haproxy.Build{Version: "2.6.12", Major: 2, Minor: 6, TLS: true}},
		Keepalived: Keepalived{Build: keepalived.Build{Version: "2.2.8", Auth: true}},
		Systemd: Systemd{Units: map[string]Unit{"haproxy.service": daemon, "keepalived.service": daemon, "lbsup.service": unit,
			"lbsup-health.socket": unit, "lbsup-control.socket": unit, "lbsup-wire.socket": {LoadState: "loaded", ActiveState: "active", FileState: "static"}}},
		Supervisor:   Supervisor{Running: true, Well: true, Peers: map[string]string{"b": ""}},
		Configs:      map[string]Config{render.HAProxyConfig: {true, true}, render.KeepalivedConfig: {true, true}},
		Firewall:     Firewall{Ruleset: rules(t, `{"accept": null}`)},
		Sysctls:      map[string]string{reserved: "35357"},
		Names:        map[string]Name{"web.example.net": {Addresses: []netip.Addr{addr("198.51.100.1")}, Server: "192.0.2.53", Took: 3 * time.Millisecond}},
		Certificates: map[string]Certificate{"/c.pem": {From: now.Add(-time.Hour), Until: now.AddDate(1, 0, 0)}},
		Clock:        Clock{Synchronized: true},
		Links: map[string]Link{"eth0": {Up: true, Carrier: true, Addresses: prefixes("203.0.113.1/24")},
			"eth1": {Up: true, Carrier: true, Addresses: prefixes("192.0.2.1/24")}},
		Listeners: Listeners{All: []Listener{{netip.AddrPortFrom(addr("0.0.0.0"), 80), "haproxy", 7}, {netip.AddrPortFrom(vip, 35357), "haproxy", 7}}},
		Disks:     []Disk{{Path: "/run", Free: 1 << 30, Size: 2 << 30, FreeInodes: 1000, Inodes: 2000}},
		Wire:      Wire{Adverts: []Advert{theirs()}, For: 2 * time.Second},
		Claims:    map[netip.Addr]Claim{vip: {Hardware: []string{"02:00:00:00:01:02"}}, addr("192.0.2.10"): {Hardware: []string{"02:00:00:00:00:02"}}},
	}
}

// holding makes this node the one that has the VIPs.
func holding(f *Facts) {
	for name, vip := range map[string]string{"eth0": "203.0.113.10/24", "eth1": "192.0.2.10/24"} {
		link := f.Links[name]
		link.Addresses = append(link.Addresses, netip.MustParsePrefix(vip))
		f.Links[name] = link
	}
	f.Wire.Adverts, f.Claims = []Advert{mine()}, nil
}

// change edits the one unit of a name.
func change(f *Facts, name string, edit func(*Unit)) {
	u := f.Systemd.Units[name]
	edit(&u)
	f.Systemd.Units[name] = u
}

type row struct {
	name  string
	upset func(*testing.T, *Facts)
	want  string // "level id: what" and, on further lines, the fix; the finding must be there
	file  string // another cluster file
}

func TestExamine(t *testing.T) {
	for _, rows := range [][]row{hostRows, unitRows, guardRows, surroundingRows, wireRows, restRows} {
		for _, r := range rows {
			t.Run(r.name, func(t *testing.T) {
				f := well(t)
				if r.upset != nil {
					r.upset(t, f)
				}
				if r.file == "" {
					r.file = file
				}
				id, _, _ := strings.Cut(strings.SplitN(r.want, " ", 2)[1], ": ")
				var got []string
				for _, found := range Examine(*f, local(t, r.file)) {
					if found.ID == id {
						got = append(got, tell(found))
					}
				}
				if len(got) != 1 || got[0] != r.want {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), r.want)
				}
			})
		}
	}
}

func tell(f Finding) string {
	text := fmt.Sprintf("%s %s: %s", f.Level, f.ID, f.What)
	if f.Fix != "" {
		text += "\n" + f.Fix
	}
	if f.See != "" {
		text += "\nsee: " + f.See
	}
	if f.Safe {
		text += " (safe)"
	}
	return text
}

// A good pair has nothing to say but ok, whichever node is asked.
func TestExamineWell(t *testing.T) {
	for name, edit := range map[string]func(*Facts){"waiting": func(*Facts) {}, "holding": holding} {
		t.Run(name, func(t *testing.T) {
			f := well(t)
			edit(f)
			all := Examine(*f, local(t, file))
			for _, one := range all {
				if one.Level != OK || one.Safe {
					t.Error(tell(one))
				}
			}
			if len(all) < 25 {
				t.Errorf("only %d things were examined", len(all))
			}
		})
	}
}

// Nobody has to listen on the port of a service that is disabled.
func TestExamineDisabled(t *testing.T) {
	f := well(t)
	f.Listeners = Listeners{}
	for _, one := range Examine(*f, local(t, file+"  disabled: true\n")) {
		if strings.HasPrefix(one.ID, "port.") {
			t.Error(tell(one))
		}
	}
}

// Whatever is not known must not break anything: no facts at all.
func TestExamineNothing(t *testing.T) {
	for _, root := range []bool{false, true} {
		if got := Examine(Facts{Root: root}, local(t, file)); !Failed(got) {
			t.Errorf("no fact at all, and nothing is failing: %v", got)
		}
	}
}

// Each kind of finding was seen both ok and otherwise.
func TestBothSides(t *testing.T) {
	seen := map[string]map[bool]bool{}
	note := func(f Finding) {
		parts := strings.SplitN(f.ID, ".", 3)
		kind := parts[0]
		if kind == "selinux" || kind == "unit" && len(parts) > 1 && (parts[1] == "cycle" || parts[1] == "order" || parts[1] == "dropin") {
			kind += "." + strings.TrimSuffix(strings.Join(parts[1:min(2, len(parts))], ""), "s") // the ports together, or each
		}
		if seen[kind] == nil {
			seen[kind] = map[bool]bool{}
		}
		seen[kind][f.Level == OK] = true
	}
	for _, rows := range [][]row{hostRows, unitRows, guardRows, surroundingRows, wireRows, restRows} {
		for _, r := range rows {
			f := well(t)
			if r.upset != nil {
				r.upset(t, f)
			}
			if r.file == "" {
				r.file = file
			}
			for _, one := range Examine(*f, local(t, r.file)) {
				note(one)
			}
		}
	}
	for kind, sides := range seen {
		if kind != "selinux." && kind != "selinux" && kind != "systemd" && (!sides[true] || !sides[false]) {
			t.Errorf("%s was seen ok %v, otherwise %v", kind, sides[true], sides[false])
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d kinds of findings: %v", len(seen), seen)
	}
}

func TestCommands(t *testing.T) {
	f := Finding{Fix: "systemctl unmask x && systemctl enable x", Safe: true}
	if got := fmt.Sprint(f.Commands()); got != "[[systemctl unmask x] [systemctl enable x]]" {
		t.Errorf("got %s", got)
	}
	if got := (Finding{Fix: "reboot"}).Commands(); got != nil {
		t.Errorf("would run %v", got)
	}
}
