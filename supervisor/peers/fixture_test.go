package peers

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

const secret = "c2VjcmV0IHdvcmRzIHRoYXQgYXJlIHJhbmRvbSBlbm91Z2g"

// The two nodes of these tests are two addresses of this host.
var (
	lb1 = cluster.Node{Name: "lb1", Address: netip.MustParseAddr("127.0.0.2")}
	lb2 = cluster.Node{Name: "lb2", Address: netip.MustParseAddr("127.0.0.3")}
)

// pair are the settings of both nodes, which have a key file together.
func pair(t testing.TB) (one, two Settings) {
	t.Helper()
	one = Settings{Cluster: "web", Self: lb1, Peers: []cluster.Node{lb2}, Port: freePort(t), KeyFile: file(t, "peers.key", secret+"\n", 0o640)}
	two = one
	two.Self, two.Peers = lb2, []cluster.Node{lb1}
	return one, two
}

// freePort is one that is free on both nodes.
func freePort(t testing.TB) uint16 {
	t.Helper()
	for range 50 {
		a, err := net.Listen("tcp", "127.0.0.2:0")
		if err != nil {
			t.Fatal(err)
		}
		port := netip.MustParseAddrPort(a.Addr().String()).Port()
		b, err := net.Listen("tcp", netip.AddrPortFrom(lb2.Address, port).String())
		a.Close()
		if err == nil {
			b.Close()
			return port
		}
	}
	t.Fatal("no port is free on two addresses")
	return 0
}

func file(t testing.TB, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func told(s Settings) func() status.Summary {
	return func() status.Summary {
		return status.Summary{Cluster: s.Cluster, Node: s.Self.Name, Version: "1.2.3", Well: true, Generation: 7}
	}
}

// recorded has one moment on record for each minute of the hour before ten.
func recorded(s Settings) Recall {
	return func(from, to time.Time, most int) (ms []status.Moment, cut bool, err error) {
		for at := ten.Add(-time.Hour); at.Before(ten); at = at.Add(time.Minute) {
			if (span{from, to}).has(at) {
				ms = append(ms, status.Moment{Time: at, Node: s.Self.Name, Kind: status.RoleKind, Subject: "VI_1", Text: at.Format(time.TimeOnly)})
			}
		}
		return ms[max(0, len(ms)-most):], len(ms) > most, nil
	}
}

var ten = time.Date(2026, 1, 2, 10, 0, 0, 0, time.UTC)

// run has an exchange go on until the test ends.
func run(t *testing.T, s Settings, clock func() time.Time) *Exchange {
	t.Helper()
	x := New(told(s), recorded(s), clock)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = x.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	x.Replace(s)
	return x
}

// until polls: both ends of an exchange are real.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begin := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// serving has a node answer by itself, with the exchange's own TLS or with that of another configuration.
func serving(t testing.TB, s Settings, secure *tls.Config, h http.Handler) {
	t.Helper()
	l, err := net.Listen("tcp", s.at(s.Self))
	if err != nil {
		t.Fatal(err)
	}
	if secure == nil {
		secure = (&identity{settings: s, clock: time.Now}).server()
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = server.Serve(tls.NewListener(l, secure)) }()
	t.Cleanup(func() { _ = server.Close() })
}

func asking(t testing.TB, s Settings) *question {
	t.Helper()
	q := newQuestion(&identity{settings: s, clock: time.Now}, s.Peers[0])
	t.Cleanup(q.forget)
	return q
}

// office is an authority that somebody else runs.
type office struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newOffice(t *testing.T) *office {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "office"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, _ = x509.ParseCertificate(der)
	return &office{t, c, key}
}

func (o *office) file() string { return file(o.t, "ca.pem", pemOf("CERTIFICATE", o.cert.Raw), 0o644) }

// issue writes a certificate and its key for a name.
func (o *office) issue(name string, until time.Time) (cert, key string) {
	o.t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		o.t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: until.Add(-2 * time.Hour), NotAfter: until,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, o.cert, own.Public(), o.key)
	if err != nil {
		o.t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		o.t.Fatal(err)
	}
	return file(o.t, name+".pem", pemOf("CERTIFICATE", der), 0o644), file(o.t, name+".key", pemOf("PRIVATE KEY", text), 0o640)
}

func pemOf(kind string, der []byte) string {
	var out strings.Builder
	_ = pem.Encode(&out, &pem.Block{Type: kind, Bytes: der})
	return out.String()
}

// by has a node prove itself with a certificate of an office, instead of the key file.
func (o *office) by(s Settings, name string, until time.Time) Settings {
	s.KeyFile, s.Authority = "", o.file()
	s.Certificate, s.Key = o.issue(name, until)
	return s
}
