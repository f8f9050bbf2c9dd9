package host

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/host"
)

var errMissing = errors.New("executable file not found")

// fakeFirewalld answers as firewall-cmd does.
type fakeFirewalld struct {
	missing   bool
	zones     map[string]string // by interface
	permanent map[string]bool   // "zone service"
	runtime   map[string]bool
	asked     []string
	broken    string // an option that fails
}

func (f *fakeFirewalld) run(_ context.Context, argv ...string) (string, int, error) {
	if f.missing {
		return "", 0, errMissing
	}
	f.asked = append(f.asked, strings.Join(argv[1:], " "))
	set := f.runtime
	zone := ""
	for _, word := range argv[1:] {
		name, value, _ := strings.Cut(word, "=")
		if f.broken != "" && name == f.broken {
			return "Error: COMMAND_FAILED\n", 13, nil
		}
		switch name {
		case "--get-zones":
			return "dmz public\n", 0, nil
		case "--remove-service":
			delete(set, zone+" "+value)
		case "--get-default-zone":
			return "public\n", 0, nil
		case "--get-zone-of-interface":
			if z := f.zones[value]; z != "" {
				return z + "\n", 0, nil
			}
			return "no zone\n", 2, nil
		case "--permanent":
			set = f.permanent
		case "--zone":
			zone = value
		case "--list-rich-rules":
			var rules []string
			for entry := range set {
				if rule, is := strings.CutPrefix(entry, zone+" rule "); is {
					rules = append(rules, "rule "+rule)
				}
			}
			return strings.Join(rules, "\n") + "\n", 0, nil
		case "--add-rich-rule", "--remove-rich-rule":
			set[zone+" "+value] = true
			if name == "--remove-rich-rule" {
				delete(set, zone+" "+value)
			}
		case "--query-service":
			if set[zone+" "+value] {
				return "yes\n", 0, nil
			}
			return "no\n", 1, nil
		case "--add-service":
			set[zone+" "+value] = true
		}
	}
	return "success\n", 0, nil
}

func newFirewalld() *fakeFirewalld {
	return &fakeFirewalld{zones: map[string]string{"eth0": "dmz"}, permanent: map[string]bool{}, runtime: map[string]bool{}}
}

const reserved = "/proc/sys/net/ipv4/ip_local_reserved_ports"

// root is a host's file system with the settings that the needs below name.
func root(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for path, text := range map[string]string{
		"/proc/sys/net/ipv4/conf/all/rp_filter": "0\n", "/proc/sys/net/ipv4/conf/eth0/rp_filter": "1\n", reserved: "80\n",
	} {
		if err := os.MkdirAll(filepath.Dir(dir+path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var needs = host.Needs{
	Cluster: "c", Node: "a",
	Ports:   []host.Port{{Number: 80, Interfaces: []string{"eth0", "eth1"}, For: "web"}},
	Adverts: []host.Adverts{{Interface: "eth0", For: "V"}},
	Sysctls: []host.Sysctl{{Key: "net.ipv4.conf.eth0.rp_filter", Value: "2", Why: "x"}, {Key: "net.ipv4.ip_local_reserved_ports", Value: "35357", Why: "y"}},
}

func TestInstall(t *testing.T) {
	dir, firewalld := root(t), newFirewalld()
	installer := Installer{Root: dir, Run: firewalld.run}
	want := []Step{
		{"/etc/sysctl.d/60-lbsup.conf", true},
		{"net.ipv4.conf.eth0.rp_filter = 2 (was 1)", true},
		{"net.ipv4.ip_local_reserved_ports = 80,35357 (was 80)", true},
		{"/etc/firewalld/services/lbsup.xml", true},
		{"/etc/firewalld/services/lbsup-vrrp.xml", true},
		{"firewalld: service lbsup in zone dmz", true},
		{"firewalld: service lbsup in zone public", true},
		{"firewalld: service lbsup-vrrp in zone dmz", true},
	}
	steps, err := installer.Install(t.Context(), needs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	const lasting = "net.ipv4.conf.eth0.rp_filter = 2\n\n# y\nnet.ipv4.ip_local_reserved_ports = 80,35357\n" // the next boot forgets nobody's ports
	if text, err := os.ReadFile(dir + host.SysctlFile); err != nil || !strings.HasSuffix(string(text), lasting) {
		t.Errorf("%v, the file says %q", err, text)
	}
	if needs.Sysctls[1].Value != "35357" {
		t.Errorf("the needs were changed: %+v", needs.Sysctls)
	}
	for _, set := range []map[string]bool{firewalld.permanent, firewalld.runtime} {
		if !set["dmz lbsup"] || !set["public lbsup"] || !set["dmz lbsup-vrrp"] || len(set) != 3 {
			t.Errorf("services in zones: %v", set)
		}
	}
	// A reload forgets what is set for the run alone: so it comes before.
	if at := slices.Index(firewalld.asked, "--reload"); at < 0 || slices.ContainsFunc(firewalld.asked[:at], func(s string) bool { return strings.Contains(s, "--add") }) {
		t.Errorf("asked %q", firewalld.asked)
	}

	t.Run("again changes nothing", func(t *testing.T) {
		firewalld.asked = nil
		steps, err := installer.Install(t.Context(), needs)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			if s.Changed {
				t.Errorf("again: %s", s.What)
			}
		}
		if slices.Contains(firewalld.asked, "--reload") {
			t.Error("reloads firewalld for nothing")
		}
		left, err := filepath.Glob(dir + "/etc/*/*~")
		if err != nil || len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	t.Run("another port", func(t *testing.T) {
		moved := needs
		moved.Sysctls = []host.Sysctl{{Key: "net.ipv4.ip_local_reserved_ports", Value: "40000", Why: "y"}}
		if _, err := installer.Install(t.Context(), moved); err != nil {
			t.Fatal(err)
		}
		want := "net.ipv4.ip_local_reserved_ports = 80,35357,40000\n"
		if text, err := os.ReadFile(dir + host.SysctlFile); err != nil || !strings.HasSuffix(string(text), want) {
			t.Errorf("%v, the file says %q", err, text)
		}
	})
	t.Run("no sysctl any more", func(t *testing.T) {
		none := needs
		none.Sysctls = nil
		steps, err := installer.Install(t.Context(), none)
		if err != nil {
			t.Fatal(err)
		}
		if steps[0] != (Step{"/etc/sysctl.d/60-lbsup.conf removed: no sysctl is needed", true}) {
			t.Errorf("got %+v", steps[0])
		}
		if _, err := os.Stat(dir + host.SysctlFile); !errors.Is(err, os.ErrNotExist) {
			t.Error("the file is still there")
		}
		if kept, err := os.ReadFile(dir + reserved); err != nil || string(kept) != "80,35357,40000" {
			t.Errorf("%v, others' ports: %q", err, kept)
		}
	})
}

// The port of peers is open for peers alone: for those that the cluster file has now.
func TestInstallForPeers(t *testing.T) {
	const zone = "dmz "
	of := func(addresses ...string) host.Needs {
		p := host.Port{Number: 9106, Address: netip.MustParseAddr("192.0.2.1"), Interfaces: []string{"eth0"}, For: "peers"}
		for _, a := range addresses {
			p.From = append(p.From, netip.MustParseAddr(a))
		}
		return host.Needs{Cluster: "c", Node: "a", Own: []host.Port{p}}
	}
	rule := func(a string) string {
		return zone + `rule family="ipv4" source address="` + a + `" service name="lbsup-peers" accept`
	}
	const foreign = zone + `rule service name="ssh" accept`
	firewalld := newFirewalld()
	firewalld.permanent[foreign], firewalld.runtime[foreign] = true, true
	installer := Installer{Root: root(t), Run: firewalld.run}
	for _, row := range []struct {
		name    string
		needs   host.Needs
		want    string
		changed bool
		rules   []string
	}{
		{"new", of("192.0.2.2"), "firewalld: service lbsup-peers in zone dmz, for 192.0.2.2", true, []string{rule("192.0.2.2")}},
		{"again", of("192.0.2.2"), "firewalld: service lbsup-peers in zone dmz, for 192.0.2.2", false, []string{rule("192.0.2.2")}},
		{"another peer", of("192.0.2.3", "192.0.2.4"), "firewalld: service lbsup-peers in zone dmz, for 192.0.2.3, 192.0.2.4", true, []string{rule("192.0.2.3"), rule("192.0.2.4")}},
	} {
		steps, err := installer.Install(t.Context(), row.needs)
		if err != nil {
			t.Fatal(err)
		}
		if last := steps[len(steps)-1]; last != (Step{row.want, row.changed}) {
			t.Errorf("%s: got %+v", row.name, last)
		}
		want := map[string]bool{foreign: true}
		for _, r := range row.rules {
			want[r] = true
		}
		for _, set := range []map[string]bool{firewalld.permanent, firewalld.runtime} {
			if diff := cmp.Diff(want, set); diff != "" {
				t.Errorf("%s (-want +got)\n%s", row.name, diff)
			}
		}
	}
	firewalld.broken = "--list-rich-rules"
	if _, err := installer.Install(t.Context(), of("192.0.2.2")); err == nil || !strings.Contains(err.Error(), "--list-rich-rules\": exit code 13") {
		t.Errorf("got %v", err)
	}
}

// What an earlier cluster file opened is closed by one that does not need it; what others opened stays.
func TestInstallWithdraws(t *testing.T) {
	firewalld, dir := newFirewalld(), root(t)
	installer := Installer{Root: dir, Run: firewalld.run}
	with := needs
	with.Own = []host.Port{{Number: 9105, Interfaces: []string{"eth0"}, For: "status"},
		{Number: 9106, Interfaces: []string{"eth0"}, From: []netip.Addr{netip.MustParseAddr("192.0.2.2")}, For: "peers"}}
	if _, err := installer.Install(t.Context(), needs); err != nil {
		t.Fatal(err)
	}
	without := maps.Clone(firewalld.permanent)
	if _, err := installer.Install(t.Context(), with); err != nil {
		t.Fatal(err)
	}
	if len(firewalld.permanent) != len(without)+2 {
		t.Fatalf("got %v", firewalld.permanent)
	}
	firewalld.asked = nil
	steps, err := installer.Install(t.Context(), needs)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, s := range steps {
		if s.Changed {
			changed = append(changed, s.What)
		}
	}
	want := []string{"firewalld: service lbsup-status removed: it is needed no more", "firewalld: service lbsup-peers removed: it is needed no more"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, set := range []map[string]bool{firewalld.permanent, firewalld.runtime} {
		if diff := cmp.Diff(without, set); diff != "" {
			t.Errorf("in zones (-want +got)\n%s", diff)
		}
	}
	for _, name := range []string{"lbsup-status", "lbsup-peers"} {
		if _, err := os.Stat(dir + serviceFile(name)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", name, err)
		}
	}
	if !slices.Contains(firewalld.asked, "--reload") {
		t.Error("firewalld is not told")
	}
	t.Run("a file of somebody else's", func(t *testing.T) {
		if err := os.WriteFile(dir+serviceFile("lbsup-peers"), []byte("<service/>\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		firewalld.runtime["dmz lbsup-peers"] = true
		if _, err := installer.Install(t.Context(), needs); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(dir + serviceFile("lbsup-peers")); err != nil || !firewalld.runtime["dmz lbsup-peers"] {
			t.Errorf("it was taken away: %v", err)
		}
	})
	t.Run("firewalld refuses", func(t *testing.T) {
		if _, err := installer.Install(t.Context(), with); err != nil {
			t.Fatal(err)
		}
		firewalld.broken = "--remove-service"
		if _, err := installer.Install(t.Context(), needs); err == nil || !strings.Contains(err.Error(), "--remove-service=lbsup-status\": exit code 13") {
			t.Errorf("got %v", err)
		}
		if _, err := os.Stat(dir + serviceFile("lbsup-status")); err != nil {
			t.Errorf("its file is gone while zones name it: %v", err)
		}
	})
}

func TestInstallWithoutFirewalld(t *testing.T) {
	firewalld := newFirewalld()
	firewalld.missing = true
	steps, err := Installer{Root: root(t), Run: firewalld.run}.Install(t.Context(), needs)
	if err != nil {
		t.Fatal(err)
	}
	last := steps[len(steps)-1]
	if last.Changed || !strings.HasPrefix(last.What, "firewalld does not run here") {
		t.Errorf("got %+v", last)
	}
}

func TestInstallTroubles(t *testing.T) {
	for _, row := range []struct {
		name  string
		upset func(dir string, f *fakeFirewalld)
		want  string
	}{
		{"an interface that is not there", func(dir string, _ *fakeFirewalld) { os.RemoveAll(dir + "/proc/sys/net/ipv4/conf/eth0") },
			"cannot set net.ipv4.conf.eth0.rp_filter: no such file or directory"},
		{"firewalld cannot reload", func(_ string, f *fakeFirewalld) { f.broken = "--reload" },
			`cannot run "firewall-cmd --reload": exit code 13: Error: COMMAND_FAILED`},
		{"firewalld refuses a service", func(_ string, f *fakeFirewalld) { f.broken = "--add-service" },
			`cannot run "firewall-cmd --permanent --zone=dmz --add-service=lbsup": exit code 13: Error: COMMAND_FAILED`},
		{"a directory in a file's place", func(dir string, _ *fakeFirewalld) { os.MkdirAll(dir+host.SysctlFile, 0o755) }, "60-lbsup.conf\": is a directory"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir, firewalld := root(t), newFirewalld()
			row.upset(dir, firewalld)
			steps, err := Installer{Root: dir, Run: firewalld.run}.Install(t.Context(), needs)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q", err, row.want)
			}
			if !slices.ContainsFunc(steps, func(s Step) bool { return s.Changed }) {
				t.Error("one trouble kept everything else from being done")
			}
		})
	}
}
