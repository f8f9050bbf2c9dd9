package apply

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/test/need"
)

// real makes the engine run the daemons of this machine, in a network namespace that has the interfaces of the cluster
// file: keepalived -t wants to see them.
func (h *host) real(interfaces ...string) {
	h.t.Helper()
	need.Root(h.t)
	for _, program := range []string{"haproxy", "keepalived", "ip"} {
		path, err := exec.LookPath(program)
		need.NoError(h.t, err)
		switch program {
		case "haproxy":
			h.HAProxy = path
		case "keepalived":
			h.Keepalived = path
		}
	}
	ns := fmt.Sprintf("apply-%d-%s", os.Getpid(), strings.TrimPrefix(h.t.Name(), "Test"))
	ns = regexp.MustCompile(`[^a-zA-Z0-9-]`).ReplaceAllString(ns, "")
	h.ip("netns", "add", ns)
	h.t.Cleanup(func() { h.ip("netns", "del", ns) })
	for i, name := range interfaces {
		h.links[name] = nil
		h.ip("-n", ns, "link", "add", "name", name, "type", "veth", "peer", "name", fmt.Sprintf("far%d", i))
		h.ip("-n", ns, "link", "set", "dev", name, "up")
	}
	h.Engine.Run = func(ctx context.Context, argv ...string) (Exit, error) {
		h.installsTheCheckClient(argv)
		return Run(ctx, append([]string{"/usr/sbin/ip", "netns", "exec", ns}, argv...)...)
	}
}

// installsTheCheckClient lets keepalived -t find a program where a package would have installed lbsup-check.
func (h *host) installsTheCheckClient(argv []string) {
	if argv[0] != h.Keepalived || argv[1] != "-t" {
		return
	}
	text, err := os.ReadFile(argv[3])
	must(h.t, err)
	must(h.t, os.WriteFile(argv[3], []byte(strings.ReplaceAll(string(text), render.CheckClient, "/bin/true")), 0o600))
}

func (h *host) ip(args ...string) {
	h.t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		h.t.Fatalf("ip %s: %v: %s", strings.Join(args, " "), err, out)
	}
}

// TestRealDaemons takes the five cluster files through the real `haproxy -c` and `keepalived -t`.
func TestRealDaemons(t *testing.T) {
	rows := []struct {
		file, node string
		interfaces []string
	}{
		{"ocp-ibm-z.yaml", "loadbalancer-1", []string{"enc1", "enc5", "enc6"}},
		{"ocp-upi.yaml", "", nil},
		{"ocp-vsphere.yaml", "", nil},
		{"openstack.yaml", "", nil},
		{"web-centos.yaml", "lb1.example.net", []string{"ens160"}},
	}
	for _, row := range rows {
		t.Run(row.file, func(t *testing.T) {
			h := newHost(t)
			text, err := os.ReadFile(filepath.Join("../../test/clusters", row.file))
			must(t, err)
			h.saves(strings.ReplaceAll(string(text), "/etc/lbsup/", h.path("etc/lbsup")+"/"))
			h.fillIn(string(text))
			h.Node = row.node
			if row.node == "" {
				h.Node = regexp.MustCompile(`(?m)^\s+- \{name: ([^,]+),`).FindStringSubmatch(string(text))[1]
			}
			if row.interfaces == nil {
				row.interfaces = interfacesOf(string(text))
			}
			h.real(row.interfaces...)
			h.links["lo"] = []netip.Addr{h.ownAddress()}
			h.applied("reload")
			h.clean()
		})
	}
}

// TestRealDaemonsRefuse is the negative control: the daemons' own words reach the report, and nothing is installed.
func TestRealDaemonsRefuse(t *testing.T) {
	h := newHost(t)
	h.real("enc1")
	h.applied("reload")
	was := h.pair()

	h.saves(clusterFile(80, `haproxy: {global: ["nonsense here"]}`))
	r := h.refused("reload", StageHAProxy, `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": it found errors (exit code 1)`)
	if want := "unknown keyword 'nonsense' in 'global' section"; !strings.Contains(r.Words, want) || !strings.Contains(r.Words, h.HAProxyConfig+":") {
		t.Errorf("words: %s\nwant %s", r.Words, want)
	}
	h.links["enc9"] = nil // it went after the preflight
	h.saves(strings.ReplaceAll(clusterFile(80), "enc1", "enc9"))
	r = h.refused("reload", StageKeepalived, `keepalived refuses "ROOT/etc/keepalived/keepalived.conf": it found errors (exit code 5)`)
	if want := "interface enc9 for vrrp_instance VI_1 doesn't exist"; !strings.Contains(r.Words, want) || !strings.Contains(r.Words, h.KeepalivedConfig) {
		t.Errorf("words: %s\nwant %s", r.Words, want)
	}
	if h.pair() != was || h.current() != 1 {
		t.Error("a refused change changed something")
	}
	h.clean()
}

// TestRealHandWrittenFiles has the real HAProxy judge files that lbsup does not write.
func TestRealHandWrittenFiles(t *testing.T) {
	h := newHost(t)
	h.real("enc1")
	const first, second = "etc/haproxy/haproxy.cfg", "etc/haproxy/more.cfg"
	const proxy = "defaults\n    mode tcp\n    timeout connect 5s\n    timeout client 1m\n    timeout server 1m\nlisten web\n    bind 127.0.0.1:18080\n    server s1 192.0.2.21:80\n"
	h.writes(first, byHand)
	h.writes(second, proxy)
	h.saves(replaceFile(handWrittenFile, h.path(first)+", "+h.path(second)))
	r := h.applied("reload")
	if got := h.generationFile(r.Number, "hand-written-2-more.cfg"); got != proxy {
		t.Errorf("the copy is %q", got)
	}
	was := h.current()
	for _, row := range []struct{ name, text, words string }{
		{"an unknown word", proxy + "    nonsense\n", "unknown keyword 'nonsense'"},
		{"cut in the middle", strings.TrimSuffix(proxy, ":80\n"), "Missing LF on last line"},
		{"a certificate that is not there", strings.Replace(proxy, ":18080", ":18080 ssl crt /none.pem", 1), "/none.pem"},
	} {
		h.writes(second, row.text)
		r := h.refused("reload", StageHAProxy, `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg, ROOT/etc/haproxy/more.cfg": it found errors (exit code 1)`)
		if !strings.Contains(r.Words, row.words) || h.current() != was || h.reads(second) != row.text {
			t.Errorf("%s: current %d, words: %s", row.name, h.current(), r.Words)
		}
		if kept := h.generationFile(r.Number, "hand-written-2-more.cfg"); kept != row.text {
			t.Errorf("%s: the refused file was not kept: %q", row.name, kept)
		}
	}
	h.writes(second, proxy+"    server s2 192.0.2.22:80\n")
	h.applied("reload")
	h.refused("rollback-"+strconv.Itoa(was), StageRead, "cannot roll back to generation 2: \"ROOT/etc/haproxy/more.cfg\" is hand-written and was another one then")
	if got := h.reads(second); !strings.HasSuffix(got, "s2 192.0.2.22:80\n") {
		t.Errorf("a hand-written file was written: %s", got)
	}
	h.clean()
}

// ownAddress is this node's in the cluster file.
func (h *host) ownAddress() netip.Addr {
	c, ps := cluster.Parse("", []byte(h.reads("etc/lbsup/lbsup.yaml")))
	if len(ps) > 0 {
		h.t.Fatal(ps)
	}
	local, err := c.Local(h.Node)
	must(h.t, err)
	return local.Node.Address
}

// fillIn makes the files that a cluster file names.
func (h *host) fillIn(text string) {
	for _, name := range regexp.MustCompile(`/etc/lbsup/[a-zA-Z0-9._/-]+`).FindAllString(text, -1) {
		content := "s3cret\n"
		if strings.HasSuffix(name, ".pem") {
			cert, key := certificatePEM(h.t, h.tick, h.tick.AddDate(10, 0, 0))
			content = cert + key
		}
		h.writes(strings.TrimPrefix(name, "/"), content)
	}
}

func interfacesOf(text string) []string {
	var names []string
	seen := map[string]bool{}
	for _, m := range regexp.MustCompile(`\binterface: ([a-z0-9.-]+)`).FindAllStringSubmatch(text, -1) {
		if !seen[m[1]] {
			names = append(names, m[1])
		}
		seen[m[1]] = true
	}
	return names
}
