package apply

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPreflightBinds(t *testing.T) {
	rows := []struct {
		name string
		err  error
		want Problem
	}{
		{"a stranger's", syscall.EADDRINUSE, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: another program holds it",
			Hint: "end that program, or give the service another address or port"}},
		{"not local", syscall.EADDRNOTAVAIL, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: this host has no such address",
			Hint: "bind *, a VIP of this cluster, or an address of this host"}},
		{"forbidden", syscall.EACCES, Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: permission denied",
			Hint: "a security policy forbids this port: see the audit log"}},
		{"anything else", errors.New("odd"), Problem{Path: "services.web.bind", Message: "cannot bind 0.0.0.0:80: odd"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.busy = map[netip.AddrPort]error{netip.MustParseAddrPort("0.0.0.0:80"): row.err}
			r := h.apply("reload")
			if len(r.Problems) == 1 && strings.HasSuffix(r.Problems[0].Message, "holds it") {
				r.Problems[0].Message = "cannot bind 0.0.0.0:80: another program holds it" // or whoever has it on this host
			}
			if diff := cmp.Diff([]Problem{row.want}, r.Problems); diff != "" || r.Stage != StagePreflight {
				t.Errorf("at %s (-want +got):\n%s", r.Stage, diff)
			}
			if len(h.ran) > 0 {
				t.Error("the daemons were asked nevertheless")
			}
		})
	}
}

func TestBindsOfAClusterFile(t *testing.T) {
	h := newHost(t)
	tried := map[string]bool{}
	h.Bind = func(at netip.AddrPort, nonLocal bool) error { tried[at.String()] = nonLocal; return nil }
	h.savesWithPassword("x")
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), `["*:80"]`, `["192.0.2.10:80", "192.0.2.11:80", "[::1]:80"]`, 1))
	h.applied("reload")
	want := map[string]bool{"192.0.2.10:80": true, "192.0.2.11:80": false, "[::1]:80": false, "0.0.0.0:1936": false}
	if diff := cmp.Diff(want, tried); diff != "" {
		t.Errorf("binds, true for a VIP (-want +got):\n%s", diff)
	}
}

// The real bind(2), against real sockets.
func TestBind(t *testing.T) {
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer stranger.Close()
	taken := netip.MustParseAddrPort(stranger.Addr().String())
	if err := Bind(taken, false); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a stranger's port: got %v", err)
	}
	if got, want := holder(taken), fmt.Sprintf("(process %d)", os.Getpid()); !strings.HasSuffix(got, want) {
		t.Errorf("the holder is %q, want %s", got, want)
	}
	if got, want := holder(netip.AddrPortFrom(netip.IPv4Unspecified(), taken.Port())), fmt.Sprintf("(process %d)", os.Getpid()); !strings.HasSuffix(got, want) {
		t.Errorf("the holder in the way of * is %q, want %s", got, want)
	}
	stranger.Close()
	if err := Bind(taken, false); err != nil {
		t.Errorf("a free port: got %v", err)
	}
	if err := Bind(netip.MustParseAddrPort("192.0.2.10:8080"), true); err != nil {
		t.Errorf("a VIP that another node holds: got %v", err)
	}
	if data, err := os.ReadFile("/proc/sys/net/ipv4/ip_nonlocal_bind"); err == nil && string(data) == "0\n" {
		if err := Bind(netip.MustParseAddrPort("192.0.2.10:8080"), false); !errors.Is(err, syscall.EADDRNOTAVAIL) {
			t.Errorf("a foreign address: got %v", err)
		}
	}
}

func TestListening(t *testing.T) {
	const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0000 100 0 0 10 0
   1: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 222 1 0000 100 0 0 10 0
   2: 0100007F:0051 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 333 1 0000 100 0 0 10 0
   3: 00000000000000000000000001000000:0052 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 444 1 0 1
`
	rows := []struct{ at, want string }{
		{"127.0.0.1:8080", "111"}, {"0.0.0.0:8080", "111"}, {"10.0.0.1:8080", ""}, {"10.0.0.1:80", "222"},
		{"127.0.0.1:81", ""}, {"[::1]:82", "444"}, {"[::2]:82", ""}, {"[::]:82", "444"},
	}
	for _, row := range rows {
		if got := listening(table, netip.MustParseAddrPort(row.at)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.at, got, row.want)
		}
	}
}

func FuzzListening(f *testing.F) {
	f.Add("   0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 111 1", uint16(8080))
	f.Add("0: zz:1F90 x 0A 1 2 3 4 5 6 7", uint16(80))
	f.Add("0: 0100:0050 x 0A 1 2 3 4 5 6 7", uint16(80))
	f.Fuzz(func(t *testing.T, table string, port uint16) {
		if got := listening(table, netip.AddrPortFrom(netip.IPv4Unspecified(), port)); got != "" && !strings.Contains(table, got) {
			t.Errorf("%q is not in the table", got)
		}
	})
}

func TestPreflightOfTheGlobalSection(t *testing.T) {
	rows := []struct {
		name, line, message, hint, note string
	}{
		{name: "no chroot", line: "chroot DIR/none", message: `cannot chroot to "ROOT/none": there is no such directory`, hint: "mkdir -m 0755 ROOT/none"},
		{name: "chroot is a file", line: "chroot DIR/etc/lbsup/lbsup.yaml", message: `cannot chroot to "ROOT/etc/lbsup/lbsup.yaml": there is no such directory`,
			hint: "mkdir -m 0755 ROOT/etc/lbsup/lbsup.yaml"},
		{name: "no directory for the socket", line: "stats socket DIR/none/s", hint: "tmpfiles.d(5) makes directories that outlive a reboot",
			message: `cannot make the stats socket "ROOT/none/s": there is no directory "ROOT/none"`},
		{name: "a socket directory of somebody", line: "stats socket DIR/own/s", note: "under SELinux HAProxy may not start"},
		{name: "many connections", line: "maxconn 999999999", note: "maxconn 999999999 needs 1999999998 open files"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			needs(t, row.name != "a socket directory of somebody" || os.Geteuid() == 0, "root")
			h := newHost(t)
			must(t, os.Mkdir(h.path("own"), 0o755))
			_ = os.Chown(h.path("own"), 12345, 12345)
			h.saves(clusterFile(80, fmt.Sprintf("haproxy: {global: [%q]}", strings.ReplaceAll(row.line, "DIR", h.dir))))
			if row.message == "" {
				if r := h.applied("reload"); !contains(r.Notes, row.note) {
					t.Errorf("notes: %q", r.Notes)
				}
				return
			}
			r := h.refused("reload", StagePreflight, row.message)
			if got := strings.ReplaceAll(r.Problems[0].Hint, h.dir, "ROOT"); got != row.hint {
				t.Errorf("hint: got %q, want %q", got, row.hint)
			}
		})
	}
}

func TestReadGlobals(t *testing.T) {
	got := readGlobals([]byte(`# chroot /no
global # here
  chroot "/var/lib/haproxy" # there
  maxconn 4000
  stats socket /run/a.sock mode 660
  stats socket unix@/run/b.sock
  stats socket ipv4@127.0.0.1:9999
  stats timeout 5s
defaults
  maxconn 10
  chroot /no
global
  maxconn nonsense
  stats
`))
	want := globals{chroot: "/var/lib/haproxy", sockets: []string{"/run/a.sock", "/run/b.sock"}, maxconn: 4000}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(globals{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzReadGlobals(f *testing.F) {
	f.Add([]byte("global\n chroot /x\n stats socket /run/s\n maxconn 5\n"))
	f.Add([]byte("global\nglobal global\n chroot\n stats socket\n maxconn -1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		g := readGlobals(text)
		for _, s := range g.sockets {
			if !strings.HasPrefix(s, "/") {
				t.Errorf("socket %q", s)
			}
		}
		if g.maxconn < 0 {
			t.Errorf("maxconn %d", g.maxconn)
		}
	})
}

// certificatePEM makes a self-signed certificate with its key.
func certificatePEM(t *testing.T, from, to time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "web"}, NotBefore: from, NotAfter: to}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

func (h *host) savesWithCertificate(text string) {
	h.writes("etc/lbsup/web.pem", text)
	h.saves(strings.Replace(clusterFile(443), "mode: tcp", fmt.Sprintf("mode: http\n    tls: {certificates: [%s]}", h.path("etc/lbsup/web.pem")), 1))
}

func TestCertificates(t *testing.T) {
	now := newHost(t).tick
	day := 24 * time.Hour
	good, goodKey := certificatePEM(t, now.Add(-day), now.Add(90*day))
	_, otherKey := certificatePEM(t, now, now)
	ended, endedKey := certificatePEM(t, now.Add(-2*day), now.Add(-day))
	ends, endsKey := certificatePEM(t, now.Add(-2*day), now.Add(2*day))
	begins, beginsKey := certificatePEM(t, now.Add(2*day), now.Add(90*day))
	rows := []struct{ name, text, message, hint, note string }{
		{name: "good", text: good + goodKey},
		{name: "the key first", text: goodKey + good},
		{name: "ended", text: ended + endedKey, note: "ended on 2026-02-28: clients will refuse it"},
		{name: "ends soon", text: ends + endsKey, note: "ends on 2026-03-03"},
		{name: "not yet", text: begins + beginsKey, note: "only begins on 2026-03-03: clients will refuse it"},
		{name: "no key", text: good, message: "tls: found a certificate rather than a key in the PEM for the private key",
			hint: "HAProxy wants the certificate, its chain and its key in one file; this one has no key"},
		{name: "another key", text: good + otherKey, message: "tls: private key does not match public key",
			hint: "HAProxy wants the certificate, its chain and its key in one file"},
		{name: "junk", text: "junk", message: "tls: failed to find any PEM data in certificate input",
			hint: "HAProxy wants the certificate, its chain and its key in one file; this one has no key"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			h.savesWithCertificate(row.text)
			if row.message != "" {
				r := h.refused("reload", StagePreflight, `cannot use certificate "ROOT/etc/lbsup/web.pem": `+row.message)
				if r.Problems[0].Hint != row.hint {
					t.Errorf("hint: got %q, want %q", r.Problems[0].Hint, row.hint)
				}
				return
			}
			if r := h.applied("reload"); row.note != "" && !contains(r.Notes, row.note) || row.note == "" && contains(r.Notes, "certificate") {
				t.Errorf("notes: %q, want %q", r.Notes, row.note)
			}
		})
	}
}

func TestACertificateRenewed(t *testing.T) {
	h := newHost(t)
	cert, key := certificatePEM(t, h.tick, h.tick.Add(1000*time.Hour))
	h.savesWithCertificate(cert + key)
	h.applied("reload")
	text := h.haproxy()
	cert, key = certificatePEM(t, h.tick, h.tick.Add(1000*time.Hour))
	h.writes("etc/lbsup/web.pem", cert+key)
	if r := h.applied("reload"); !r.HAProxy || r.Keepalived || h.haproxy() != text {
		t.Errorf("got %+v", r)
	}
	if r := h.apply("reload"); r.Outcome != Unchanged {
		t.Errorf("got %+v", r)
	}
	if strings.Contains(h.reads("var/lbsup/generations/2/manifest.json"), "KEY") {
		t.Error("the manifest holds a key")
	}
	must(t, os.Remove(h.path("etc/lbsup/web.pem")))
	h.refused("reload", StageRead, `cannot read certificate "ROOT/etc/lbsup/web.pem": it does not exist`)
	h.writes("etc/lbsup/web.pem", cert+key)
	must(t, os.Chmod(h.path("etc/lbsup/web.pem"), 0o666))
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), "*:443", "*:444", 1))
	if r := h.applied("reload"); !contains(r.Notes, "can be written by others than root") {
		t.Errorf("notes: %q", r.Notes)
	}
}
