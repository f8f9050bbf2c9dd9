package haproxy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// goldens are the nodes that have golden files: the first of each cluster and both of one pair.
var goldens = []struct{ cluster, node string }{
	{"ocp-ibm-z", "loadbalancer-1"},
	{"ocp-ibm-z", "loadbalancer-2"},
	{"ocp-upi", "master-0"},
	{"ocp-vsphere", "haproxy-1"},
	{"openstack", "host1"},
	{"web-centos", "lb1.example.net"},
}

func goldenPath(cluster, node string) string {
	return filepath.Join("../../test/golden", cluster, node, "haproxy.cfg")
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.cluster+"/"+g.node, func(t *testing.T) {
			got, err := Render(local(t, clusterFile(t, g.cluster), g.node), secrets, installed)
			if err != nil {
				t.Fatal(err)
			}
			path := goldenPath(g.cluster, g.node)
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got.Text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got.Text)); diff != "" {
				t.Errorf("rendered (-want +got):\n%s", diff)
			}
			if len(got.Notes) > 0 {
				t.Errorf("notes: got %v, want none for this version", got.Notes)
			}
		})
	}
}

func TestGoldensPassHAProxy(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.cluster+"/"+g.node, func(t *testing.T) {
			text, err := os.ReadFile(goldenPath(g.cluster, g.node))
			if err != nil {
				t.Fatal(err)
			}
			code, words := check(t, strings.ReplaceAll(string(text), "/etc/lbsup/certs/app.pem", certificate(t)))
			if code != 0 {
				t.Errorf("haproxy -c: exit %d, want 0\n%s", code, words)
			}
			for line := range strings.Lines(words) {
				expected := strings.Contains(line, "could not resolve address") || strings.Contains(line, "for nameserver")
				if strings.Contains(line, "[WARNING]") && !expected { // there is no network where HAProxy looks
					t.Errorf("haproxy -c warns: %s", line)
				}
			}
		})
	}
}

func TestBadGoldenFailsHAProxy(t *testing.T) {
	text, err := os.ReadFile("../../test/golden/bad/haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	code, words := check(t, string(text))
	if code != 1 || !strings.Contains(words, "unknown keyword 'blance'") {
		t.Errorf("haproxy -c: exit %d, want 1 with the keyword that is wrong\n%s", code, words)
	}
}

// certificate makes a PEM file with a key and a certificate for it.
func certificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"app.example.net"}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyBytes, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	data := append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyBytes})...)
	path := filepath.Join(t.TempDir(), "app.pem")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
