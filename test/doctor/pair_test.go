package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// extra is what comes behind the shipped cluster file: a service with TLS, so that there is a certificate to look at, and nodes that tell each other.
const extra = `  - name: console
    bind: ["*:9443"]
    tls: {certificates: [/etc/lbsup/certs/app.pem, /etc/lbsup/certs/other.pem]}
    servers:
      - {name: compute0, address: "compute0.ocp0.sa.boe:80"}
peers: {key_file: /etc/lbsup/peers.key}
`

// patiently lets a machine that has much else to do miss an advert, and costs doctor no time: it listens for two seconds all the same.
func patiently(file string) string { return strings.Replace(file, "vrrp:\n", interval, 1) }

const interval = "vrrp:\n  advert_interval: 500ms\n"

type pair struct {
	*lab.Lab
	first, second *lab.Node
	file          string // the cluster's
	ledger        *ledger
}

// up boots a pair in the network of the OpenShift cluster, installs lbsup as a package would, and returns when doctor finds nothing failing on
// either node.
func up(t *testing.T) *pair {
	t.Helper()
	need.NoError(t, lab.Missing())
	need.Programs(t, "nft", "ss", "strace", "unshare", "fallocate")
	text, err := os.ReadFile("../clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	pkg := build(t)
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{l, l.Nodes[0], l.Nodes[1], patiently(string(text)) + extra, openLedger(t)}
	t.Cleanup(func() { p.down(t) })
	for _, node := range l.Nodes {
		if err := node.Install(t.Context(), pkg); err != nil {
			t.Fatal(err)
		}
		write(t, node, "/etc/lbsup/stats.password", "not-a-secret\n", 0o600)
		write(t, node, "/etc/lbsup/certs/app.pem", certificate(t, 24*365*time.Hour), 0o600)
		write(t, node, "/etc/lbsup/certs/other.pem", certificate(t, 24*365*time.Hour), 0o600)
		write(t, node, "/etc/lbsup/peers.key", strings.Repeat("bm90LWEtc2VjcmV0", 3)+"\n", 0o400)
		write(t, node, "/etc/lbsup/lbsup.yaml", p.file, 0o640)
		// What the distribution enables, what the reverse path filter is and whose cloud it runs in depends on the machine that the lab was made of.
		sh(t, node, "chmod 755 /etc/lbsup/certs; chgrp lbsup /etc/lbsup/lbsup.yaml; chown lbsup /etc/lbsup/peers.key; sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.enc1.rp_filter=0; "+
			"[ ! -d /sys/class/dmi/id ] || mount -t tmpfs none /sys/class/dmi/id; systemctl enable --quiet haproxy keepalived; systemctl enable --now --quiet lbsup.service")
	}
	return p
}

func (p *pair) other(n *lab.Node) *lab.Node {
	if n == p.first {
		return p.second
	}
	return p.first
}

func (p *pair) down(t *testing.T) {
	p.Evidence(t)
	if err := p.Down(); err != nil {
		t.Error(err)
	}
}

// build compiles the programs as they are now and lays down what a package would.
func build(t *testing.T) lab.Package {
	t.Helper()
	const repository = "../.."
	dir := t.TempDir()
	for _, program := range []string{"lbsup", "lbsup-check"} {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(dir, program), "./cmd/"+program)
		cmd.Dir = repository
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("cannot build %s: %v: %s", program, err, out)
		}
	}
	pkg, err := lab.Make(t.Context(), repository, dir, "BUILD="+dir)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// certificate makes one with its key that ends in a while, or has ended.
func certificate(t *testing.T, left time.Duration) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	until := time.Now().Add(left)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.AddDate(-2, 0, 0), NotAfter: until}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}

// sh runs a shell command on a node and returns what it printed; the test fails if the command does.
func sh(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, code := try(t, n, command)
	if code != 0 {
		t.Fatalf("%s: %q ended with %d: %s", n.Name, command, code, out)
	}
	return out
}

// try runs a shell command that may fail.
func try(t *testing.T, n *lab.Node, command string) (out string, code int) {
	t.Helper()
	out, err := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", "exec 2>&1; "+command)
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if ended != nil {
		code = ended.ExitCode()
	}
	return strings.TrimSpace(out), code
}

func write(t *testing.T, n *lab.Node, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := n.Write(context.WithoutCancel(t.Context()), path, []byte(text), mode); err != nil {
		t.Fatal(fmt.Errorf("cannot write %q: %w", path, err))
	}
}
