package apply

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// host is a private tree with an engine that works on it. Its daemons are scripted: host.run answers for them.
type host struct {
	*Engine
	t   *testing.T
	dir string

	mu   sync.Mutex
	ran  [][]string                        // the daemons' runs, without the questions for their versions
	exit func(argv []string) (Exit, error) // what a check by a daemon answers; nil: all is well
	busy map[netip.AddrPort]error          // binds that fail
	tick time.Time

	links map[string][]netip.Addr // beside those that the cluster files of these tests name
}

const haproxyVersion = `HAProxy version 2.6.12-1+deb12u1 2023/12/16 - https://haproxy.org/
Feature list : +EPOLL +OPENSSL +PROMEX
`

const keepalivedVersion = `Keepalived v2.2.7 (01/16,2022)
Config options:  NFTABLES LVS REGEX VRRP VRRP_AUTH VRRP_VMAC JSON BFD
`

func newHost(t *testing.T) *host {
	t.Helper()
	return hostIn(t, t.TempDir())
}

func hostIn(t *testing.T, dir string) *host {
	t.Helper()
	h := &host{t: t, dir: dir, links: map[string][]netip.Addr{"enc1": {netip.MustParseAddr("192.0.2.11")}}, tick: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for _, d := range []string{"etc/lbsup", "etc/haproxy", "etc/keepalived", "var", "run"} {
		must(t, os.MkdirAll(filepath.Join(dir, d), 0o755))
	}
	e := New()
	e.ClusterFile = h.path("etc/lbsup/lbsup.yaml")
	e.HAProxyConfig = h.path("etc/haproxy/haproxy.cfg")
	e.KeepalivedConfig = h.path("etc/keepalived/keepalived.conf")
	e.StateDir = h.path("var/lbsup")
	e.Node, e.Group, e.Trust = "lb1", "", dir
	e.LockWait = 0
	e.HAProxyUnit, e.HAProxyDir = []string{h.path("etc/haproxy.service"), h.path("etc/haproxy.service.d/*.conf")}, h.path("etc/haproxy/conf.d")
	e.TrackDir, e.ScriptUser = h.path("run"), "root"
	e.Links = func() (map[string][]netip.Addr, error) { return h.links, nil }
	e.Run = h.run
	e.Bind = func(at netip.AddrPort, _ bool) error { return h.busy[at] }
	e.Now = func() time.Time { h.tick = h.tick.Add(time.Second); return h.tick }
	h.Engine = e
	h.saves(clusterFile(80))
	return h
}

func (h *host) run(_ context.Context, argv ...string) (Exit, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch argv[1] {
	case "-vv":
		return Exit{Output: haproxyVersion}, nil
	case "-v":
		return Exit{Output: keepalivedVersion}, nil
	}
	h.ran = append(h.ran, argv)
	if h.exit != nil {
		return h.exit(argv)
	}
	return Exit{}, nil
}

func (h *host) path(name string) string { return filepath.Join(h.dir, name) }

func (h *host) saves(text string) { h.writes("etc/lbsup/lbsup.yaml", text) }

// writes puts a file there the way an editor does.
func (h *host) writes(name, text string) {
	h.t.Helper()
	must(h.t, os.MkdirAll(filepath.Dir(h.path(name)), 0o755))
	_ = os.Remove(h.path(name))
	must(h.t, os.WriteFile(h.path(name), []byte(text), 0o600))
}

func (h *host) chmod(name string, mode uint32) {
	h.t.Helper()
	must(h.t, os.Chmod(h.path(name), os.FileMode(mode)))
}

func (h *host) reads(name string) string {
	h.t.Helper()
	data, err := os.ReadFile(h.path(name))
	if os.IsNotExist(err) {
		return "(absent)"
	}
	must(h.t, err)
	return string(data)
}

func (h *host) haproxy() string    { return h.reads("etc/haproxy/haproxy.cfg") }
func (h *host) keepalived() string { return h.reads("etc/keepalived/keepalived.conf") }
func (h *host) store() Store       { return Store{Dir: h.path("var/lbsup/generations")} }

func (h *host) apply(request string) Report {
	h.t.Helper()
	r, err := ParseRequest(request)
	must(h.t, err)
	return h.Apply(h.t.Context(), r)
}

// applied is an apply that must succeed.
func (h *host) applied(request string) Report {
	h.t.Helper()
	r := h.apply(request)
	if r.Outcome != Committed {
		h.t.Fatalf("%s: got %s at %s %v %s, want committed", request, r.Outcome, r.Stage, r.Problems, r.Words)
	}
	return r
}

// refused is an apply that must be refused at a stage, with this as its first problem.
func (h *host) refused(request string, stage Stage, message string) Report {
	h.t.Helper()
	r := h.apply(request)
	h.wantRefusal(r, stage, message)
	return r
}

func (h *host) wantRefusal(r Report, stage Stage, message string) {
	h.t.Helper()
	if r.Outcome != Rejected || r.Stage != stage || len(r.Problems) == 0 {
		h.t.Fatalf("got %s at %q %v, want rejected at %q", r.Outcome, r.Stage, r.Problems, stage)
	}
	if got := strings.ReplaceAll(r.Problems[0].Message, h.dir, "ROOT"); got != message {
		h.t.Errorf("message:\n got %s\nwant %s", got, message)
	}
}

func (h *host) current() int {
	h.t.Helper()
	m, err := h.store().Current()
	must(h.t, err)
	return m.Number
}

// litter is every file that an apply should not leave behind.
func (h *host) litter() []string {
	h.t.Helper()
	var found []string
	must(h.t, filepath.WalkDir(h.dir, func(path string, _ os.DirEntry, err error) error {
		name := filepath.Base(path)
		if strings.Contains(name, ".lbsup-") || strings.HasSuffix(name, ".new") || strings.HasSuffix(name, ".old") || name == journalName {
			found = append(found, path)
		}
		return err
	}))
	return found
}

func (h *host) clean() {
	h.t.Helper()
	if left := h.litter(); len(left) > 0 {
		h.t.Errorf("left behind: %v", left)
	}
}

// clusterFile is a small pair with one service on a port; every port makes another haproxy.cfg, and the router ID, which
// follows it, another keepalived.conf.
func clusterFile(port int, more ...string) string {
	text := fmt.Sprintf(`cluster: web
nodes:
  - {name: lb1, address: 192.0.2.11}
  - {name: lb2, address: 192.0.2.12}
vrrp:
  instances:
    - name: VI_1
      router_id: %d
      interface: enc1
      addresses: [{address: 192.0.2.10/24}]
services:
  - name: web
    bind: ["*:%d"]
    mode: tcp
    servers: [{name: s1, address: "192.0.2.21:80"}]
`, port%250+1, port)
	return text + strings.Join(more, "\n")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(list []string, part string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.Contains(s, part) })
}

func replaceFile(text, file string) string { return strings.ReplaceAll(text, "FILE", file) }
