package haproxy

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

func TestDigest(t *testing.T) {
	config, err := Render(local(t, clusterFile(t, "web-centos"), "lb1.example.net"), secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := DigestOf(config.Text); got != config.Digest || !ok || len(got) != 16 {
		t.Errorf("DigestOf: got %q, %v, want %q", got, ok, config.Digest)
	}
	for _, c := range []struct{ name, text string }{
		{"edited", strings.Replace(string(config.Text), "leastconn", "roundrobin", 1)},
		{"its digest edited", strings.Replace(string(config.Text), config.Digest, "0123456789abcdef", 1)},
		{"cut off", string(config.Text[:len(config.Text)-1])},
	} {
		if got, ok := DigestOf([]byte(c.text)); ok || got == "" {
			t.Errorf("DigestOf a text that was %s: got %q, %v, want a digest that does not hold", c.name, got, ok)
		}
	}
	for _, text := range []string{"", "global\n", "global\n    description \"lbsup xyz\"\n"} {
		if got, ok := DigestOf([]byte(text)); ok || got != "" {
			t.Errorf("DigestOf(%q): got %q, %v, want none", text, got, ok)
		}
	}
}

func TestRenderTwiceIsTheSame(t *testing.T) {
	l := local(t, clusterFile(t, "openstack"), "host2")
	first, err := Render(l, secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Render(l, secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
}

func TestRedact(t *testing.T) {
	config, err := Render(local(t, clusterFile(t, "ocp-ibm-z"), "loadbalancer-1"), secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	if got := Redact(config.Text); bytes.Contains(got, []byte("not-a-secret")) || !bytes.Contains(got, []byte("\n    stats auth ***\n")) {
		t.Errorf("the password is shown:\n%s", got)
	}
	if !bytes.Contains(config.Text, []byte("stats auth admin:not-a-secret")) {
		t.Errorf("the configuration itself lost its password:\n%s", config.Text)
	}
}

func TestHandWritten(t *testing.T) {
	l := with()
	l.HAProxy.Files = []string{"/etc/haproxy/mine.cfg"}
	got, err := Render(l, nil, installed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Config{HandWritten: []string{"/etc/haproxy/mine.cfg"}}, got); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
}

func TestOlderVersionIsToldWhatItLacks(t *testing.T) {
	l := with(httpService(cluster.Server{Name: "s", Host: "s.example", Port: 443, TLS: true, Verify: true}))
	config, err := Render(l, nil, Build{Version: "2.4.22", Major: 2, Minor: 4, TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	for _, n := range config.Notes {
		notes = append(notes, n.String())
	}
	want := []string{
		"haproxy.global: fd-hard-limit is left out: got HAProxy 2.4.22, want 2.6",
		"services.web: option idle-close-on-response is left out, so a reload may lose requests on idle connections: got HAProxy 2.4.22, want 2.6",
		"services.web: certificates are checked against /etc/pki/tls/certs/ca-bundle.crt: HAProxy 2.4.22 does not know where the system's authorities are, 2.6 does",
	}
	if diff := cmp.Diff(want, notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	for _, word := range []string{"fd-hard-limit", "idle-close-on-response", "@system-ca"} {
		if bytes.Contains(config.Text, []byte(word)) {
			t.Errorf("2.4 does not know %q:\n%s", word, config.Text)
		}
	}
}

func TestLogTargets(t *testing.T) {
	l := with()
	l.HAProxy.Log = []cluster.LogTarget{{Address: "[2001:db8::30]:514", Facility: "local2"}, {Address: "/dev/log", Facility: "daemon"}}
	config, err := Render(l, nil, installed)
	if err != nil {
		t.Fatal(err)
	}
	got := section(t, config.Text, "global")
	if want := "\nlog [2001:db8::30]:514 local2\nlog /dev/log daemon\nlog ring@lbsup-events format raw local0 notice"; !strings.HasSuffix(got, want) || strings.Contains(got, "stdout") {
		t.Errorf("want the log lines %q alone in\n%s", want, got)
	}
	if len(config.Notes) != 1 || config.Notes[0].String() != "haproxy.log: HAProxy looks for the socket /dev/log below its chroot directory" {
		t.Errorf("notes: got %v, want one about the chroot directory", config.Notes)
	}
}

func TestRenderErrors(t *testing.T) {
	vip := netip.MustParseAddr("192.0.2.10")
	for _, c := range []struct {
		name   string
		change func(*cluster.Local, *Build)
		err    string
	}{
		{"description", func(l *cluster.Local, _ *Build) { l.HAProxy.Global = []string{"description x"} },
			`haproxy.global: cannot take raw line "description x": the description tells which configuration a process runs`},
		{"raw line", func(l *cluster.Local, _ *Build) { l.Services[0].Raw = []string{"backend x"} },
			`services.web.raw: cannot take raw line "backend x": it would begin a new section`},
		{"log to a name", func(l *cluster.Local, _ *Build) { l.HAProxy.Log = []cluster.LogTarget{{Address: "log.example:514"}} },
			`haproxy.log: cannot log to "log.example:514": want an IP address with a port, or the path of a socket`},
		{"no password", func(l *cluster.Local, _ *Build) { l.Stats = &cluster.Stats{User: "admin", PasswordFile: "/etc/p"} },
			`stats.password_file: cannot find the contents of "/etc/p" among the secrets`},
		{"a pool that is not there", func(l *cluster.Local, _ *Build) { l.Services[0].Default = "nowhere" },
			`services.web: cannot find the pool "nowhere"`},
		{"one name twice", func(l *cluster.Local, _ *Build) {
			l.Services[0].Name, l.Services[0].Pools = "a", []cluster.Pool{{Name: "b"}, {Name: "c"}}
			l.Services = append(l.Services, cluster.Service{Name: "a.b", Mode: cluster.TCP, Pools: []cluster.Pool{{Name: "x"}}})
		}, `cannot give two proxies the name "a.b": rename the service or the pool that has the same name`},
		{"a second line in a header", func(l *cluster.Local, _ *Build) {
			l.Services[0].RequestHeaders = []cluster.Header{{Name: "X", Value: "a\r\nEvil: b"}}
		}, "cannot write a control character (0x0d) into HAProxy's configuration"},
		{"a host that is no name", func(l *cluster.Local, _ *Build) { l.Services[0].Pools[0].Servers[0].Host = "a) b" },
			`services.web: cannot write the host name "a) b" of server "s"`},
		{"TLS without OpenSSL", func(l *cluster.Local, b *Build) { b.TLS, l.Services[0].TLS = false, &cluster.TLS{} },
			"services.web.tls: cannot speak TLS: HAProxy 2.6.12 was built without OpenSSL"},
		{"TLS to a server without OpenSSL", func(l *cluster.Local, b *Build) { b.TLS, l.Services[0].Pools[0].Servers[0].TLS = false, true },
			`services.web: cannot speak TLS to server "s": HAProxy 2.6.12 was built without OpenSSL`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, build := with(httpService(cluster.Server{Name: "s", Host: vip.String(), Port: 80})), installed
			c.change(l, &build)
			_, err := Render(l, cluster.Secrets{}, build)
			if got := message(err); got != c.err {
				t.Errorf("error:\n got %q\nwant %q", got, c.err)
			}
		})
	}
}

// httpService is a service with one pool and one way in.
func httpService(servers ...cluster.Server) cluster.Service {
	return cluster.Service{Name: "web", Mode: cluster.HTTP, Bind: []cluster.Bind{{Port: 80}},
		Pools: []cluster.Pool{{Name: "web", Balance: "roundrobin", Check: cluster.HealthCheck{Off: true}, Servers: servers}}}
}
