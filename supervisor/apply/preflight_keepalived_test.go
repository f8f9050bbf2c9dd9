package apply

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mistakes are those that `keepalived -t` lets pass or dies of, each with where lbsup refuses it. Where the cluster file
// cannot say it at all, as with vrrp_strict, nothing is to be refused.
var mistakes = []struct {
	name    string
	from    string // in the cluster file, replaced by to
	to      string
	host    func(h *host)
	stage   Stage
	message string
}{
	{name: "a VIP without a mask", from: "192.0.2.10/24", to: "192.0.2.10", stage: StageParse,
		message: `cannot read an address with its prefix length: got "192.0.2.10", want one such as 192.0.2.10/24`},
	{name: "a VIP that is the node's own address", from: "192.0.2.10/24", to: "192.0.2.11/24", stage: StageParse,
		message: `cannot use a node's own address as a virtual one: got "192.0.2.11", the address of nodes[0], want an address that no host has`},
	{name: "a VIP that is another address of the host", stage: StagePreflight, host: func(h *host) {
		h.links["eth9"] = []netip.Addr{netip.MustParseAddr("192.0.2.10")}
	}, message: "cannot use 192.0.2.10 as a VIP: this host has it as an address of its own"},
	{name: "a VIP twice", from: "[{address: 192.0.2.10/24}]", to: "[{address: 192.0.2.10/24}, {address: 192.0.2.10/25}]", stage: StageParse,
		message: `cannot use a virtual address twice: got "192.0.2.10" on line 10 too, want it once`},
	{name: "more than twenty VIPs", from: "{address: 192.0.2.10/24}", to: twentyOneVIPs(), stage: StageParse,
		message: "cannot use a list of this length: got 21 entries, want 1 to 20 entries"},
	{name: "a peer that is the node itself", from: "192.0.2.12", to: "192.0.2.11", stage: StageParse,
		message: `cannot give two nodes one address: got "192.0.2.11" on line 3 too, want an address for each node`},
	{name: "a peer that is this host", from: "vrrp:\n", to: "vrrp:\n  unicast: true\n", stage: StagePreflight, host: func(h *host) {
		h.links["eth9"] = []netip.Addr{netip.MustParseAddr("192.0.2.12")}
	}, message: "cannot send unicast adverts to 192.0.2.12: it is an address of this host itself"},
	{name: "unicast adverts from elsewhere", from: "vrrp:\n", to: "vrrp:\n  unicast: true\n", stage: StagePreflight,
		host: func(h *host) { h.links["enc1"] = nil }, message: "cannot send unicast adverts from 192.0.2.11: this host has no such address"},
	{name: "no such interface", from: "enc1", to: "enc9", stage: StagePreflight,
		message: `cannot send adverts on "enc9": this host has no such interface`},
	{name: "no such device of a VIP", from: "192.0.2.10/24", to: "192.0.2.10/24, interface: enc9", stage: StagePreflight,
		message: `cannot put 192.0.2.10/24 on "enc9": this host has no such interface`},
	{name: "no such tracked interface", from: "interface: enc1", to: "interface: enc1\n      track: {interfaces: [enc9]}", stage: StageParse,
		message: `cannot track an interface that no instance uses: got "enc9", want enc1`},
	{name: "no directory of the track files", host: func(h *host) { h.TrackDir += "/none" }, stage: StagePreflight,
		message: `cannot track the files in "ROOT/run/none": there is no such directory`},
	{name: "no user for the script", host: func(h *host) { h.ScriptUser = "nobody-at-all" }, stage: StagePreflight,
		message: `cannot run lbsup-check: there is no user "nobody-at-all"`},
	{name: "interfaces that cannot be listed", host: func(h *host) {
		h.Links = func() (map[string][]netip.Addr, error) {
			return nil, errors.New("cannot list the interfaces of this host: x")
		}
	}, stage: StagePreflight, message: "cannot list the interfaces of this host: x"},
}

func TestWhatKeepalivedDoesNotRefuse(t *testing.T) {
	for _, row := range mistakes {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			if row.host != nil {
				row.host(h)
			}
			if row.from != "" {
				h.saves(strings.Replace(clusterFile(80), row.from, row.to, 1))
			}
			h.refused("reload", row.stage, row.message)
			for _, argv := range h.ran {
				if argv[0] == h.Keepalived {
					t.Error("it came as far as keepalived")
				}
			}
			if got := h.keepalived(); got != "(absent)" {
				t.Errorf("installed:\n%s", got)
			}
		})
	}
}

func twentyOneVIPs() string {
	var all []string
	for i := range 21 {
		all = append(all, fmt.Sprintf("{address: 192.0.2.%d/24}", 100+i))
	}
	return strings.Join(all, ", ")
}

// Unicast adverts leave by the instance's interface, whatever interface has the address that they come from.
func TestUnicastFromAnAddressOfAnotherInterface(t *testing.T) {
	const want = "vrrp.instances.VI_1: its adverts leave by enc1 and come from 192.0.2.11, which is on another interface: a peer with a strict " +
		"rp_filter drops them, and then both nodes hold the VIPs; give the nodes their addresses on enc1, or the instance the interface of the " +
		"addresses, or set net.ipv4.conf.enc1.rp_filter=2 on every node"
	for _, row := range []struct {
		name, vrrp string
		link       string // that has the node's address
		want       bool
	}{
		{"another interface", "vrrp:\n  unicast: true\n", "enc9", true},
		{"the instance's", "vrrp:\n  unicast: true\n", "enc1", false},
		{"multicast", "vrrp:\n", "enc9", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.links = map[string][]netip.Addr{"enc1": nil}
			h.links[row.link] = []netip.Addr{netip.MustParseAddr("192.0.2.11")}
			h.saves(strings.Replace(clusterFile(80), "vrrp:\n", row.vrrp, 1))
			if r := h.applied("reload"); slices.Contains(r.Notes, want) != row.want {
				t.Errorf("notes:\n%s\nwant %v", strings.Join(r.Notes, "\n"), row.want)
			}
		})
	}
}

// A VIP that keepalived holds is on this host, and must not keep people from a change or from the way back.
func TestAVIPThatKeepalivedHolds(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.links["enc1"] = append(h.links["enc1"], netip.MustParseAddr("192.0.2.10"))
	h.saves(clusterFile(81))
	h.applied("reload")
	h.saves(strings.Replace(clusterFile(82), "192.0.2.10/24", "192.0.2.13/24", 1))
	h.applied("force")
	h.saves(clusterFile(81)) // keepalived has not been told yet
	h.applied("force")
}

// Before lbsup was ever started, the node that has the VIP is asked too, while the keepalived of the hand-built pair holds it.
func TestCheckOnAPairBuiltByHand(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy/haproxy.cfg", "# by hand\n")
	h.writes("etc/keepalived/keepalived.conf", "vrrp_instance a {\n  virtual_ipaddress {\n    192.0.2.10/24 dev enc1\n    2001:DB8:0::10/64\n  }\n}\n")
	h.links["enc1"] = append(h.links["enc1"], netip.MustParseAddr("192.0.2.10"), netip.MustParseAddr("2001:db8::10"))
	v6 := "    - {name: VI_6, router_id: 6, interface: enc1, addresses: [{address: \"2001:db8::10/64\"}]}\nservices:\n"
	h.saves(strings.Replace(clusterFile(80), "services:\n", v6, 1))
	was := h.files()
	if r := h.Check(t.Context()); r.Outcome != Accepted || !r.HAProxy || !r.Keepalived {
		t.Errorf("got %s at %q %v, want accepted", r.Outcome, r.Stage, r.Problems)
	}
	if diff := cmp.Diff(was, h.files()); diff != "" {
		t.Errorf("a check wrote (-was +is):\n%s", diff)
	}
	h.saves(strings.ReplaceAll(clusterFile(80), "192.0.2.10/24", "192.0.2.13/24"))
	h.links["enc1"] = append(h.links["enc1"], netip.MustParseAddr("192.0.2.13"))
	h.wantRefusal(h.Check(t.Context()), StagePreflight, "cannot use 192.0.2.13 as a VIP: this host has it as an address of its own")
}

// files are those of the host with what is in them; the lock has nothing to say.
func (h *host) files() map[string]string {
	h.t.Helper()
	all := map[string]string{}
	must(h.t, filepath.WalkDir(h.dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && path != h.path("var/lbsup/lock") {
			all[path] = h.reads(strings.TrimPrefix(path, h.dir))
		}
		return err
	}))
	return all
}

func TestPreflightText(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(dir+"/more.conf", nil, 0o600))
	path := dir + "/keepalived.conf"
	for _, row := range []struct{ name, text, want string }{
		{"good", "vrrp_instance a {\n auth_pass \"a#b\" # \"\n}\n", ""},
		{"an escaped quote", `a "b\"c"`, ""},
		{"a file that is there", "include more.conf\n", ""},
		{"several that are there", "include " + dir + "/*.conf\n", ""},
		{"empty", "", "cannot use \"ROOT\": there is nothing in it"},
		{"comments", "# a\n\n ! \"b\n", "cannot use \"ROOT\": there is nothing in it"},
		{"an open quote", "global_defs {\n router_id \"a\n}\n", "ROOT:2:12: cannot read this line: a quote is not closed"},
		{"an escaped end", `a "b\"`, "ROOT:1:3: cannot read this line: a quote is not closed"},
		{"a file that is not there", "a b\ninclude none.conf\n", "ROOT:2:1: cannot include none.conf: there is no such file"},
		{"a pattern of nothing", "include /none/*.conf\n", "ROOT:1:1: cannot include /none/*.conf: there is no such file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := ""
			if ps := preflightText(path, row.text); len(ps) > 0 {
				got = strings.ReplaceAll(ps.Error(), path, "ROOT")
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzPreflightText(f *testing.F) {
	for _, seed := range []string{"", "a \"b", "include x", "# \"", `"\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range preflightText("/none/k", text) {
			if p.Message == "" || p.Line < 0 || p.Line > 0 && p.Column < 1 {
				t.Errorf("%+v", p)
			}
		}
	})
}

// What was installed before lbsup came may have such a mistake too: the way back to it is refused.
func TestRollbackToAKeepalivedConfThatCrashes(t *testing.T) {
	h := newHost(t)
	h.writes("etc/keepalived/keepalived.conf", "global_defs {\n  router_id \"a\n}\n")
	h.applied("reload")
	h.refused("rollback-1", StagePreflight, "cannot read this line: a quote is not closed")
}

func TestLinks(t *testing.T) {
	links, err := Links()
	must(t, err)
	if _, there := links["lo"]; !there {
		t.Errorf("got %v, want lo among them", links)
	}
}

// TestTheRealCheckLetsThesePass is the control: without lbsup's own look, the real keepalived takes them.
func TestTheRealCheckLetsThesePass(t *testing.T) {
	h := newHost(t)
	h.real("enc1")
	const good = "vrrp_instance a {\n interface enc1\n virtual_router_id 5\n priority 50\n virtual_ipaddress {\n  192.0.2.10/24\n }\n}\n"
	for _, row := range []struct{ name, text string }{
		{"good", good},
		{"empty", ""},
		{"unicast from elsewhere", strings.Replace(good, " priority", " unicast_src_ip 192.0.2.99\n unicast_peer {\n 192.0.2.12\n }\n priority", 1)},
		{"a device of a VIP that is not there", strings.Replace(good, "/24", "/24 dev enc9", 1)},
		{"a quote without its end", strings.Replace(good, "interface enc1", "interface \"enc1", 1)},
	} {
		path := h.path("etc/keepalived/trial.conf")
		h.writes("etc/keepalived/trial.conf", row.text)
		exit, err := h.Engine.Run(context.Background(), h.Keepalived, "-t", "-f", path)
		must(t, err)
		t.Logf("%s: %s", row.name, exit)
		if row.name == "good" && exit.Code != 0 {
			t.Errorf("got %s, want 0:\n%s", exit, exit.Output)
		}
	}
}
