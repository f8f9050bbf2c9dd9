package haproxy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// pair makes a self-signed certificate and its key.
func pair(t *testing.T, serial int64) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "web.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Date(2100, 1, 2, 3, 4, 5, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}))
}

// withTLS starts HAProxy with a certificate of serial 1 and returns the file and where TLS is spoken.
func withTLS(t *testing.T) (d *daemon, file, address string) {
	t.Helper()
	d = newDaemon(t)
	file, address = d.file("web.pem"), freeAddress(t)
	certificate, key := pair(t, 1)
	if err := os.WriteFile(file, []byte(certificate+key), 0o600); err != nil {
		t.Fatal(err)
	}
	d.configure("first", fmt.Sprintf("frontend tls\n\tbind %s ssl crt %s\n\tdefault_backend web\nbackend web\n\tserver s1 %s\n", address, file, echo(t, "s1")))
	d.started()
	return d, file, address
}

// greeted makes a TLS connection and returns it with the serial number of the certificate that it saw.
func greeted(t *testing.T, address string) (*tls.Conn, int64) {
	t.Helper()
	conn, err := tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn, conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestCertificateIsRenewedAtRunTime(t *testing.T) {
	d, file, address := withTLS(t)
	old, serial := greeted(t, address)
	if serial != 1 {
		t.Fatalf("got serial %d, want 1", serial)
	}
	certificate, key := pair(t, 0xABCDEF)
	chain, _ := pair(t, 3)
	got, err := d.runtime().SetCertificate(d.context(), file, []byte("a comment\n\n"+key+"\n\n"+certificate+"\n\n\nits issuer\n"+chain))
	if err != nil {
		t.Fatal(err)
	}
	want := Certificate{
		File: file, Used: true, Serial: "ABCDEF", NotAfter: time.Date(2100, 1, 2, 3, 4, 5, 0, time.UTC), Subject: "/CN=web.example", Fingerprint: got.Fingerprint,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	all, err := d.runtime().Certificates(d.context())
	if diff := cmp.Diff([]Certificate{want}, all); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, serial := greeted(t, address); serial != 0xABCDEF {
		t.Errorf("a new client saw serial %d", serial)
	}
	word := make([]byte, 3)
	if _, err := old.Read(word); err != nil || string(word) != "s1\n" {
		t.Errorf("the old connection: got %q, %v", word, err)
	}
}

// TestBadCertificateLeavesTheOldOne tries what HAProxy refuses at each step, and what is refused before.
func TestBadCertificateLeavesTheOldOne(t *testing.T) {
	d, file, address := withTLS(t)
	certificate, key := pair(t, 2)
	_, foreign := pair(t, 3)
	broken := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("no certificate")}))
	for _, row := range []struct{ name, file, contents, want string }{
		{"the key of another", file, certificate + foreign, "inconsistencies between private key and certificate"},
		{"no certificate in it", file, broken + key, "unable to load certificate"},
		{"a file that is not loaded", "/etc/none.pem", certificate + key, "Can't replace a certificate which is not referenced by the configuration!"},
		{"no key", file, certificate, "it has no private key"},
		{"nothing", file, "", "it has no certificate"},
		{"an encrypted key", file, certificate + "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----\n", "it has a block with headers, as an encrypted key has"},
		{"too long a chain", file, strings.Repeat(certificate, 60) + key, "bytes, HAProxy takes 16000 at run time"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := d.runtime().SetCertificate(d.context(), row.file, []byte(row.contents))
			begin := fmt.Sprintf("cannot change HAProxy's certificate %q at run time: ", row.file)
			if err == nil || !strings.HasPrefix(err.Error(), begin) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got  %v\nwant %s…%s", err, begin, row.want)
			}
			if err != nil && strings.Contains(err.Error(), strings.Split(key, "\n")[1]) {
				t.Errorf("the error holds a key: %v", err)
			}
			if _, serial := greeted(t, address); serial != 1 {
				t.Errorf("clients see serial %d", serial)
			}
			if text, err := ask(d.context(), d.runtime().Socket, "show ssl cert", infoLimit); err != nil || strings.Contains(text, "*") {
				t.Errorf("a change is left behind: %q, %v", text, err)
			}
		})
	}
	if _, err := d.runtime().SetCertificate(d.context(), file, []byte(certificate+key)); err != nil {
		t.Errorf("the next good one: %v", err)
	}
}

// TestCertificateOfAnother leaves a change alone that somebody else has begun.
func TestCertificateOfAnother(t *testing.T) {
	certificate, key := pair(t, 2)
	busy := newFake(t, always("The ongoing transaction is about '/b.pem' but you are trying to set '/a.pem'!\nCan't update /a.pem!\n\n"))
	_, err := Runtime{Socket: busy.socket}.SetCertificate(t.Context(), "/a.pem", []byte(certificate+key))
	refused(t, err, `cannot change HAProxy's certificate "/a.pem" at run time: The ongoing transaction is about '/b.pem' but you are trying to set '/a.pem'! Can't update /a.pem!`)
	if diff := cmp.Diff([]string{"set ssl cert /a.pem <<"}, busy.commands()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCertificateThatIsNotReadBack(t *testing.T) {
	certificate, key := pair(t, 2)
	const said = "Filename: /a.pem\nStatus: Used\nSHA1 FingerPrint: 00FF\n"
	other := newFake(t, func(command string, _ int) string {
		switch command {
		case "set ssl cert /a.pem <<":
			return "Transaction updated for certificate /a.pem!\n\n"
		case "commit ssl cert /a.pem":
			return "Committing /a.pem.\nSuccess!\n\n"
		}
		return said
	})
	_, err := Runtime{Socket: other.socket}.SetCertificate(t.Context(), "/a.pem", []byte(certificate+key))
	_, fingerprint, _ := payloadOf([]byte(certificate + key))
	refused(t, err, `cannot change HAProxy's certificate "/a.pem" at run time: it has the one with fingerprint 00FF, not `+fingerprint)
}

// TestErrorsHoldNoKey has HAProxy repeat what it was given, and give no answer.
func TestErrorsHoldNoKey(t *testing.T) {
	certificate, key := pair(t, 2)
	for name, answer := range map[string]string{"it repeats": "Unknown command: " + key, "it is silent": ""} {
		t.Run(name, func(t *testing.T) {
			fake := newFake(t, always(answer))
			_, err := Runtime{Socket: fake.socket}.SetCertificate(t.Context(), "/a.pem", []byte(certificate+key))
			if err == nil || strings.Contains(err.Error(), strings.Split(key, "\n")[1]) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCertificateFileIsOneWord(t *testing.T) {
	for _, file := range []string{"", "a.pem", "/a b.pem", "/a;b.pem", "/a\nb.pem", "/a\\b.pem", "/a<<.pem"} {
		_, err := Runtime{Socket: "/nobody"}.SetCertificate(t.Context(), file, nil)
		refused(t, err, fmt.Sprintf(`cannot name certificate %q to HAProxy at run time: want an absolute path of letters, digits and "-_.:,/@%%+=()[]"`, file))
	}
}

const certificate26 = `Filename: /etc/lbsup/web.pem
Status: Used
Serial: 3c97F68AC2
notBefore: Nov 20 14:19:27 2026 GMT
notAfter: Nov  3 14:19:27 2027 GMT
Subject Alternative Name: DNS:web.example
Algorithm: EC256
SHA1 FingerPrint: 9AC4FAA8B69F0BC545AF7DA06930D51D13FD67FE
Subject: /CN=web.example
Issuer: /CN=web: example
OCSP Response Key: 

`

func TestParseCertificate(t *testing.T) {
	got, err := ParseCertificate(certificate26)
	want := Certificate{
		File: "/etc/lbsup/web.pem", Used: true, Serial: "3C97F68AC2", NotAfter: time.Date(2027, 11, 3, 14, 19, 27, 0, time.UTC),
		Subject: "/CN=web.example", Fingerprint: "9AC4FAA8B69F0BC545AF7DA06930D51D13FD67FE",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", "cannot read HAProxy's certificate: it has no file or no fingerprint"},
		{"no fingerprint", "Filename: /a\n", "cannot read HAProxy's certificate: it has no file or no fingerprint"},
		{"a time of its own", "Filename: /a\nnotAfter: soon\n", `cannot read HAProxy's certificate "/a": notAfter: got "soon"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ParseCertificate(row.text)
			refused(t, err, row.want)
		})
	}
}

func FuzzParseCertificate(f *testing.F) {
	for _, seed := range []string{certificate26, "", "Filename: \n", "notAfter: Feb 30 00:00:00 2026 GMT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCertificate(text); err == nil && (c.File == "" || c.Fingerprint == "") {
			t.Errorf("got %+v", c)
		}
	})
}
