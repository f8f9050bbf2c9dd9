package pair

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	certificateFile = "/etc/lbsup/web.pem"
	secureURL       = "https://172.18.100.100:8443/"
	secureService   = `
  - name: secure
    bind: ["*:8443"]
    mode: http
    tls: {certificates: [` + certificateFile + `]}
    servers: [{name: compute0, address: "compute0.ocp0.sa.boe:80"}]
`
)

// A certificate that is renewed on the disk is served at once and without a reload; one that HAProxy takes only in a reload
// comes with one; one that nobody could use is refused, and the one before goes on being served.
func TestRenewedCertificates(t *testing.T) {
	p := up(t, openShift())
	write(t, p.first, certificateFile, keyed(t, 1, 0), 0o600)
	p.edit(t, p.first, p.cluster+secureService)
	p.serves(t, 1)
	p.says(t, p.first, "well", func(_ string, code int) bool { return code == 0 })
	eventually(t, "the old worker has ended", func() bool { return !strings.Contains(p.running(t, p.first).worker, "\n") })
	w, before := p.watch(t), p.running(t, p.first)

	write(t, p.first, certificateFile, keyed(t, 2, 0), 0o600)
	p.serves(t, 2)
	p.says(t, p.first, "well", func(_ string, code int) bool { return code == 0 })
	if now := p.running(t, p.first); now != before {
		t.Errorf("a renewed certificate changed %+v into %+v", before, now)
	}

	certificate, _, _ := strings.Cut(keyed(t, 3, 0), "-----BEGIN PRIVATE KEY")
	_, key, _ := strings.Cut(keyed(t, 4, 0), "-----END CERTIFICATE-----\n")
	write(t, p.first, certificateFile, certificate+key, 0o600)
	p.told(t, p.first, "private key does not match public key")
	p.serves(t, 2)
	if now := p.running(t, p.first); now != before {
		t.Errorf("a bad certificate changed %+v into %+v", before, now)
	}

	write(t, p.first, certificateFile, keyed(t, 5, 60), 0o600) // more than HAProxy takes at run time
	p.serves(t, 5)
	p.says(t, p.first, "well", func(_ string, code int) bool { return code == 0 })
	if now := p.running(t, p.first); now.worker == before.worker || now.keepalived != before.keepalived {
		t.Errorf("a long chain changed %+v into %+v", before, now)
	}
	p.restore(t)
	w.undisturbed(t)
}

// serves waits until a client is shown the certificate of that serial number.
func (p *pair) serves(t *testing.T, serial int64) {
	t.Helper()
	client := p.Client(time.Second)
	transport := client.Transport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	transport.DisableKeepAlives = true
	client.Transport = transport
	var last any
	eventually(t, "the certificate is served", func() bool {
		answer, err := client.Get(secureURL)
		if err != nil {
			last = err
			return false
		}
		answer.Body.Close()
		shown := answer.TLS.PeerCertificates[0].SerialNumber.Int64()
		last = shown
		return shown == serial
	})
	if last != serial {
		t.Errorf("got %v, want serial %d", last, serial)
	}
}

// keyed is a self-signed certificate with its key, and with a chain of so many more.
func keyed(t *testing.T, serial int64, chain int) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "secure"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certificate := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return certificate + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})) + strings.Repeat(certificate, chain)
}
