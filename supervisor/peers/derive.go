package peers

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"time"
)

// A key file has at least so many bytes. One who connects is shown a certificate that was made from the key, and may try
// words at home until one fits: it takes a random key, not a password.
const (
	shortestKey = 32
	longestKey  = 4096
)

// fromKeyFile makes everything of a secret that all nodes have, so that nobody needs an authority.
func fromKeyFile(s Settings) (*proof, error) {
	f, err := os.Open(s.KeyFile)
	if err != nil {
		return nil, unreadable(s.KeyFile, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(s.KeyFile, err)
	}
	if mode := info.Mode().Perm(); mode&0o007 != 0 {
		return nil, fmt.Errorf("cannot use the key file %s: everybody on this host may use it (mode %04o): chmod 0640, chgrp lbsup", s.KeyFile, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, longestKey+1))
	if err != nil {
		return nil, unreadable(s.KeyFile, err)
	}
	secret := bytes.TrimSpace(text)
	if len(secret) < shortestKey || len(text) > longestKey {
		return nil, fmt.Errorf("cannot use the key file %s: got %d characters, want %d to %d random ones, as `openssl rand -base64 48` makes them",
			s.KeyFile, len(secret), shortestKey, longestKey)
	}
	return derive(secret, s.Cluster, s.Self.Name)
}

// derive makes an authority and a node's certificate from a secret. Every node makes the same authority, and could make
// the certificate of each other node: who has the secret is trusted with being any of them, as with any shared key.
//
// That is safe because HKDF (RFC 5869) is one-way: of the keys that it makes, none tells of the secret or of another
// (section 3.2 on info), and the cluster's name in it keeps two clusters with one secret apart. The secret keys never
// leave the process. The connection's own keys are agreed on anew each time, so a secret that gets known later opens
// nothing that was recorded. There is no end date, because a clock that is wrong must not silence a pair: the secret is
// changed by changing the file.
func derive(secret []byte, cluster, node string) (*proof, error) {
	authority, err := keyFor(secret, cluster, "authority")
	if err != nil {
		return nil, err
	}
	own, err := keyFor(secret, cluster, "node "+node)
	if err != nil {
		return nil, err
	}
	root := template("lbsup "+cluster, authority)
	root.IsCA, root.BasicConstraintsValid, root.MaxPathLenZero = true, true, true
	root.KeyUsage = x509.KeyUsageCertSign
	leaf := template(node, own)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	if ip := net.ParseIP(node); ip != nil { // a node's name may look like an address, and is then compared as one
		leaf.IPAddresses = []net.IP{ip}
	} else {
		leaf.DNSNames = []string{node}
	}
	signed, err := sign(root, root, authority.Public(), authority)
	if err != nil {
		return nil, err
	}
	mine, err := sign(leaf, signed, own.Public(), authority)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AddCert(signed)
	return &proof{tls.Certificate{Certificate: [][]byte{mine.Raw}, PrivateKey: own, Leaf: mine}, roots}, nil
}

func keyFor(secret []byte, cluster, what string) (ed25519.PrivateKey, error) {
	seed, err := hkdf.Key(sha256.New, secret, []byte("lbsup peers 1"), cluster+"\x00"+what, ed25519.SeedSize)
	if err != nil {
		return nil, fmt.Errorf("cannot make a key: %w", err)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// template is what every certificate has. RFC 5280, section 4.1.2.5, has this date for no date at all.
func template(name string, key ed25519.PrivateKey) *x509.Certificate {
	id := sha256.Sum256(key.Public().(ed25519.PublicKey))
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(id[:16]),
		SubjectKeyId: id[:20],
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Unix(0, 0).UTC(),
		NotAfter:     time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	}
}

func sign(c, by *x509.Certificate, public any, key ed25519.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, c, by, public, key)
	if err != nil {
		return nil, fmt.Errorf("cannot make a certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}
