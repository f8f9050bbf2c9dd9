package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/net/dns/dnsmessage"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/test/need"
)

var comparable_ = cmpopts.EquateComparable(netip.Addr{}, netip.AddrPort{})

// put writes files below a root.
func put(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for path, text := range files {
		if err := os.MkdirAll(filepath.Dir(root+path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(root+path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLeftovers(t *testing.T) {
	const conf, sudoers = "/etc/keepalived/keepalived.conf", "/etc/sudoers.d/check"
	for _, row := range []struct {
		name, path, text string
		want             []Leftover
	}{
		{"the right of a check", sudoers, "# for keepalived\nkeepalived_script  ALL=(ALL)  NOPASSWD: /usr/bin/systemctl\n", []Leftover{{Kind: kindSudoers, Path: sudoers, Text: "systemctl", User: "keepalived_script"}}},
		{"a copy, which sudo does not read", sudoers + ".old", "keepalived_script ALL=(ALL) NOPASSWD: /usr/bin/systemctl\n", nil},
		{"killall", "/etc/sudoers", "nobody ALL=(root) NOPASSWD:/usr/bin/killall\n", []Leftover{{Kind: kindSudoers, Path: "/etc/sudoers", Text: "killall", User: "nobody"}}},
		{"an admin's own right", sudoers, "admin ALL=(ALL) NOPASSWD: /usr/bin/systemctl\n%wheel ALL=(ALL) ALL\n", nil},
		{"a comment", sudoers, "# keepalived_script ALL=(ALL) NOPASSWD: /usr/bin/systemctl\n", nil},
		{"systemctl in a check", conf, "vrrp_script chk {\n  script \"/usr/bin/systemctl is-active --quiet haproxy\"\n}\n",
			[]Leftover{{Kind: kindCheck, Path: conf, Text: "/usr/bin/systemctl is-active --quiet haproxy"}}},
		{"killall in a check", conf, "vrrp_script chk {\n\tscript \"killall -0 haproxy\"\n}\n", []Leftover{{Kind: kindCheck, Path: conf, Text: "killall -0 haproxy"}}},
		{"a check as root", conf, "global_defs {\n  script_user root\n}\n", []Leftover{{Kind: kindRoot, Path: conf}}},
		{"a check that is none of these", conf, "# script killall\nscript \"/usr/bin/curl http://localhost/\"\nscript_user nobody\n", nil},
		{"lbsup's own", conf, "# Written by lbsup for this node.\nscript \"killall -0 haproxy\"\n", nil},
		{"a script that nothing runs", "/etc/keepalived/chk.sh", "#!/bin/sh\n", []Leftover{{Kind: kindScript, Path: "/etc/keepalived/chk.sh"}}},
		{"a sysctl", "/etc/sysctl.d/haproxy.conf", "net.ipv4.ip_nonlocal_bind=1\n", []Leftover{{Kind: kindSysctl, Path: "/etc/sysctl.d/haproxy.conf", Text: "net.ipv4.ip_nonlocal_bind"}}},
		{"a sysctl with slashes", "/etc/sysctl.conf", "net/ipv4/ip_nonlocal_bind = 1\n", []Leftover{{Kind: kindSysctl, Path: "/etc/sysctl.conf", Text: "net.ipv4.ip_nonlocal_bind"}}},
		{"a sysctl that is off", "/etc/sysctl.conf", "#net.ipv4.ip_nonlocal_bind=1\nnet.ipv4.ip_nonlocal_bind=0\nnet.ipv4.ip_forward=1\n", nil},
		{"a service of firewalld", "/etc/firewalld/services/VRRP.xml", "<service/>", []Leftover{{Kind: kindFirewalld, Path: "/etc/firewalld/services/VRRP.xml", Text: "VRRP"}}},
		{"lbsup's own service", "/etc/firewalld/services/lbsup-vrrp.xml", "<service/>", nil},
		{"a module", "/var/lib/selinux/targeted/active/modules/400/keepalived_custom/cil", "", []Leftover{{Kind: kindSELinux, Path: "/var/lib/selinux/targeted/active/modules/400/keepalived_custom", Text: "keepalived_custom"}}},
		{"the distribution's module", "/var/lib/selinux/targeted/active/modules/100/keepalived/cil", "", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, map[string]string{row.path: row.text})
			if diff := cmp.Diff(row.want, Host{Root: root}.leftovers()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A script that a daemon runs is in use, and one that may be is not called left either: doctor says rm.
func TestScriptsInUse(t *testing.T) {
	const script = "/etc/keepalived/chk.sh"
	for _, row := range []struct {
		name  string
		files map[string]string
		want  []Leftover
	}{
		{"keepalived runs it", map[string]string{render.KeepalivedConfig: "vrrp_script c {\n script \"" + script + "\"\n}\n"}, nil},
		{"HAProxy runs it", map[string]string{render.HAProxyConfig: " external-check command " + script + "\n"}, nil},
		{"nobody runs it", map[string]string{render.KeepalivedConfig: "x\n", render.HAProxyConfig: "y\n"}, []Leftover{{Kind: kindScript, Path: script}}},
		{"who runs it cannot be read", map[string]string{render.KeepalivedConfig + "/is a directory": ""}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, map[string]string{script: "#!/bin/sh\n"})
			put(t, root, row.files)
			if diff := cmp.Diff(row.want, Host{Root: root}.leftovers()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Files beside haproxy.cfg matter where the unit loads them, as EL's does.
func TestFilesThatHAProxyLoadsToo(t *testing.T) {
	const el = "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -f $CFGDIR -p $PIDFILE $OPTIONS\n"
	files := map[string]string{"/etc/haproxy/conf.d/a.cfg": "", "/etc/haproxy/conf.d/b.cfg": "", "/etc/haproxy/conf.d/.c.cfg": "", "/etc/haproxy/conf.d/d": ""}
	both := []Leftover{{Kind: kindLoaded, Path: "/etc/haproxy/conf.d/a.cfg"}, {Kind: kindLoaded, Path: "/etc/haproxy/conf.d/b.cfg"}}
	for _, row := range []struct {
		name  string
		units map[string]string
		want  []Leftover
	}{
		{"EL's unit", map[string]string{"/usr/lib/systemd/system/haproxy.service": el}, both},
		{"Debian's unit", map[string]string{"/usr/lib/systemd/system/haproxy.service": strings.Replace(el, " -f $CFGDIR", "", 1)}, nil},
		{"a drop-in takes it back", map[string]string{"/usr/lib/systemd/system/haproxy.service": el,
			"/etc/systemd/system/haproxy.service.d/x.conf": "[Service]\nExecStart=\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG\n"}, nil},
		{"no unit", nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, files)
			put(t, root, row.units)
			if diff := cmp.Diff(row.want, Host{Root: root}.leftovers()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestPlatform(t *testing.T) {
	for _, row := range []struct{ name, vendor, product, chassis, want string }{
		{"nova", "OpenStack Foundation", "OpenStack Nova", "", openStack},
		{"OpenStack of a vendor", "Red Hat", "OpenStack Compute", "", openStack},
		{"EC2", "Amazon EC2", "t3.small", "Amazon EC2", aws},
		{"GCE", "Google", "Google Compute Engine", "", google},
		{"Azure", "Microsoft Corporation", "Virtual Machine", "7783-7084-3265-9085-8269-3286-77", azure},
		{"Hyper-V", "Microsoft Corporation", "Virtual Machine", "1234", ""},
		{"VMware", "VMware, Inc.", "VMware7,1", "", vmware},
		{"KVM", "QEMU", "Standard PC", "", ""},
		{"nothing", "", "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, map[string]string{"/sys/class/dmi/id/sys_vendor": row.vendor + "\n", "/sys/class/dmi/id/product_name": row.product + "\n",
				"/sys/class/dmi/id/chassis_asset_tag": row.chassis + "\n"})
			if got := (Host{Root: root}).platform(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestParseListeners(t *testing.T) {
	at := func(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }
	const text = `LISTEN 0 4096   0.0.0.0:80   0.0.0.0:*  users:(("haproxy",pid=12,fd=5),("haproxy",pid=11,fd=5))
LISTEN 0 511  *:443  *:* users:(("nginx: a \"b\"",pid=13,fd=6))
LISTEN 0 128  127.0.0.53%lo:53  0.0.0.0:*
LISTEN 0 128  [fd00::1]:22  [::]:*  users:(("sshd",pid=1,fd=3))
ESTAB 0 0 10.0.0.1:1 10.0.0.2:2
LISTEN 0 128 nonsense 0.0.0.0:*
`
	want := []Listener{{at("0.0.0.0:80"), "haproxy", 12}, {netip.AddrPortFrom(netip.Addr{}, 443), `nginx: a \`, 0}, {at("127.0.0.53:53"), "", 0}, {at("[fd00::1]:22"), "sshd", 1}}
	got := parseListeners(strings.Replace(text, `nginx: a \"b\"`, "nginx", 1))
	want[1].Process, want[1].PID = "nginx", 13
	if diff := cmp.Diff(want, got, comparable_); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The real ss has to be understood too: this test listens, and finds itself.
func TestRealListeners(t *testing.T) {
	need.Programs(t, "ss")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := Host{Run: run}.listeners(t.Context())
	at := netip.MustParseAddrPort(l.Addr().String())
	if !slices.ContainsFunc(got.All, func(l Listener) bool { return l.At == at && l.PID == os.Getpid() }) {
		t.Errorf("does not find process %d at %s: %+v", os.Getpid(), at, got)
	}
}

func TestParsePorts(t *testing.T) {
	const text = `SELinux Port Type              Proto    Port Number

commplex_main_port_t           tcp      5000
http_cache_port_t              tcp      8080, 8118, 8123, 10001-10010
http_cache_port_t              udp      3130
http_port_t                    tcp      80, 81, 443, 10005
unreserved_port_t              tcp      1024-32767, 61001-65535
`
	got := parsePorts(text)
	for port, want := range map[int]string{80: "http_port_t", 5000: "commplex_main_port_t", 10001: "http_cache_port_t", 10005: "http_port_t", 3130: "", 6443: "", 8123: "http_cache_port_t"} {
		if got[port] != want {
			t.Errorf("port %d is %q, want %q", port, got[port], want)
		}
	}
}

func TestCycles(t *testing.T) {
	const text = "a.service: Found ordering cycle on b.service/start\na.service: Found dependency on a.service/start\nother noise\n"
	if got := cycles(text); len(got) != 1 || got[0] != "a.service: Found ordering cycle on b.service/start" {
		t.Errorf("got %q", got)
	}
}

// pair makes a certificate with its key in one PEM file.
func pair(t *testing.T, until time.Time) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-24 * time.Hour), NotAfter: until}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

func TestReadCertificate(t *testing.T) {
	early, late := now.Truncate(time.Second), now.Truncate(time.Second).AddDate(1, 0, 0)
	good := pair(t, late)
	for _, row := range []struct {
		name    string
		files   map[string]string
		modes   map[string]os.FileMode
		want    Certificate
		problem string
	}{
		{name: "good", files: map[string]string{"/c": good}, modes: map[string]os.FileMode{"/c": 0o600}, want: Certificate{From: late.Add(-24 * time.Hour), Until: late}},
		{name: "for everybody", files: map[string]string{"/d/c": good}, want: Certificate{From: late.Add(-24 * time.Hour), Until: late, Public: true}},
		{name: "in a closed directory", files: map[string]string{"/d/c": good}, modes: map[string]os.FileMode{"/d": 0o700}, want: Certificate{From: late.Add(-24 * time.Hour), Until: late}},
		{name: "a directory is as good as the worst in it", files: map[string]string{"/d/1": good, "/d/2": pair(t, early)}, modes: map[string]os.FileMode{"/d": 0o700},
			want: Certificate{From: early.Add(-24 * time.Hour), Until: early}},
		{name: "missing", problem: "no such file or directory"},
		{name: "no key", files: map[string]string{"/c": good[:strings.Index(good, "-----BEGIN PRIVATE")]}, problem: `found a certificate rather than a key`},
		{name: "nothing", files: map[string]string{"/c": ""}, problem: "failed to find any PEM data"},
		{name: "a bad one in a directory", files: map[string]string{"/d/1": good, "/d/2": "x"}, problem: "2: failed to find any PEM data"},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := t.TempDir()
			put(t, root, row.files)
			path := "/c"
			if _, inside := row.files["/c"]; !inside && row.files != nil {
				path = "/d"
				if len(row.files) == 1 {
					path = "/d/c"
				}
			}
			for name, mode := range row.modes {
				if err := os.Chmod(root+name, mode); err != nil {
					t.Fatal(err)
				}
			}
			got := Host{Root: root}.certificate(path)
			if row.problem != "" {
				if !strings.Contains(got.Problem, row.problem) || strings.Contains(got.Problem, "BEGIN") {
					t.Errorf("got %q, want %q", got.Problem, row.problem)
				}
				return
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, "it has no address"},
		{"something else", errors.New("x"), "x"},
		{"no such name", &net.DNSError{IsNotFound: true, Server: "192.0.2.53:53", Name: "x"}, "name server 192.0.2.53 says that there is no such name"},
		{"no such name, and nobody was asked", &net.DNSError{IsNotFound: true}, "there is no such name"},
		{"silence", &net.DNSError{IsTimeout: true, Server: "192.0.2.53:53"}, "name server 192.0.2.53 did not answer in time"},
		{"trouble", &net.DNSError{Err: "server misbehaving", Server: "192.0.2.53:53"}, "name server 192.0.2.53: server misbehaving"},
		{"trouble of one's own", &net.DNSError{Err: "no servers"}, "no servers"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := explain(row.err); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestUnchecked(t *testing.T) {
	question, err := unchecked("web.example.net")
	if err != nil {
		t.Fatal(err)
	}
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || !m.CheckingDisabled || len(m.Questions) != 1 || m.Questions[0].Name.String() != "web.example.net." {
		t.Errorf("%v: %+v", err, m)
	}
	m.Response = true
	m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
		Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 1}}}}
	reply, err := m.Pack()
	if err != nil || !hasAddress(reply) || hasAddress(question) {
		t.Errorf("%v: with an address %v, without one %v", err, hasAddress(reply), hasAddress(question))
	}
}

func FuzzParsers(f *testing.F) {
	f.Add("LISTEN 0 4096 0.0.0.0:80 0.0.0.0:* users:((\"haproxy\",pid=12,fd=5))\n")
	f.Add("http_port_t tcp 80, 81-90\n")
	f.Add("keepalived_script ALL=(ALL) NOPASSWD: /usr/bin/systemctl\nscript \"killall -0 haproxy\"\nnet.ipv4.ip_nonlocal_bind=1\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range parseListeners(text) {
			if l.PID < 0 && l.Process == "" {
				t.Errorf("%+v", l)
			}
		}
		for port := range parsePorts(text) {
			if port < 0 || port > 65535 {
				t.Errorf("port %d", port)
			}
		}
		for _, l := range slices.Concat(sudoersLeft("p", text), keepalivedLeft("p", text), sysctlLeft("p", text)) {
			if l.Path != "p" || strings.Contains(l.Text, "\n") {
				t.Errorf("%+v", l)
			}
		}
		hasAddress([]byte(text))
	})
}

func TestGather(t *testing.T) {
	root := t.TempDir()
	put(t, root, map[string]string{
		"/usr/bin/dnf": "", "/etc/haproxy/haproxy.cfg": "# Written by lbsup for this node\n", "/sys/fs/selinux/enforce": "1",
		"/sys/fs/selinux/booleans/haproxy_connect_any": "1 1", "/proc/net/ip_tables_names": "nat\nfilter\n", reserved: "35357\n", "/c.pem": pair(t, now.AddDate(1, 0, 0)),
	})
	l := local(t, strings.Replace(file, "web.example.net", "198.51.100.1", 1))
	var told []string
	h := Host{
		Root: root, Superuser: true, Now: func() time.Time { return now },
		Run: func(_ context.Context, argv ...string) (string, int, error) {
			switch argv[0] {
			case "haproxy":
				return "HAProxy version 2.6.12\nFeature list : +OPENSSL\n", 0, nil
			case "systemd-analyze":
				return "x: Found ordering cycle on y\n", 0, nil
			case "nft":
				return `{"nftables": []}`, 0, nil
			case "firewall-cmd":
				return "running\n", 0, nil
			}
			return "", 0, errors.New("not installed")
		},
		Unit: func(_ context.Context, name string) (Unit, error) {
			return Unit{LoadState: "loaded", FileState: name}, nil
		},
		Links: func(context.Context) (map[string]Link, error) {
			return map[string]Link{"lo": {Up: true}, "eth1": {Up: true}, "eth0": {}}, nil
		},
		Supervisor: func(context.Context) Supervisor { return Supervisor{Running: true} },
		Clock:      func() Clock { return Clock{Synchronized: true} },
		Room:       func(path string) Disk { return Disk{Path: path, Size: 1} },
		Hear: func(ctx context.Context, links []string, families []Hearing) Wire {
			if _, bounded := ctx.Deadline(); !bounded || !slices.Equal(links, []string{"eth1"}) || !slices.Equal(families, []Hearing{{Link: "eth1"}}) {
				t.Errorf("listens on %v, %v, bounded %v", links, families, bounded)
			}
			return Wire{Adverts: []Advert{theirs()}}
		},
		Claim: func(_ context.Context, link string, a netip.Addr) ([]string, error) {
			return []string{link}, errors.New("x")
		},
	}
	f := Gather(t.Context(), h, l, func(what string) { told = append(told, what) })
	if f.Installer != "dnf" || !f.HAProxy.Build.TLS || f.Keepalived.Problem != "it is not installed" || len(f.Systemd.Units) != 6 || len(f.Systemd.Cycles) != 1 {
		t.Errorf("programs and units: %+v", f)
	}
	if !f.SELinux.Enforcing || !f.SELinux.ConnectAny || f.SELinux.Ports != nil || !f.Firewall.Legacy || !f.Firewall.Firewalld || f.Firewall.Problem != "" {
		t.Errorf("guards: %+v %+v", f.SELinux, f.Firewall)
	}
	if f.Sysctls[reserved] != "35357" || f.Certificates["/c.pem"].Problem != "" || len(f.Disks) != 4 || !f.Supervisor.Running || f.Listeners.Problem != "ss is not installed" {
		t.Errorf("the host: %+v", f)
	}
	if !f.Configs["/etc/haproxy/haproxy.cfg"].Ours || f.Configs["/etc/keepalived/keepalived.conf"].There {
		t.Errorf("configurations: %+v", f.Configs)
	}
	if f.Wire.For != 2*time.Second || len(f.Wire.Adverts) != 1 || f.Claims[vip].Problem != "x" || f.Claims[vip].Hardware[0] != "eth0" {
		t.Errorf("the wire: %+v %+v", f.Wire, f.Claims)
	}
	if !slices.Contains(told, "listening to adverts for 2s") {
		t.Errorf("told %q", told)
	}
}
