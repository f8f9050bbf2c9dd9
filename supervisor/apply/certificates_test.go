package apply

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"
)

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

	must(t, os.Mkdir(h.path("etc/lbsup/web.pem"), 0o755)) // HAProxy would take all that is in it; nobody would notice a renewal
	h.refused("reload", StageRead, `cannot read certificate "ROOT/etc/lbsup/web.pem": it is not a regular file`)
}
