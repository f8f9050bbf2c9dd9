package apply

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// readCertificate also takes files of other owners: what renews certificates need not be root, and a certificate runs
// nothing. It says so, but what everybody can write is nobody's certificate.
func (a *attempt) readCertificate(name string) error {
	data, info, err := a.trusted().read("certificate", name, maxCertificate)
	if errors.Is(err, errUnsafe) {
		a.note(err.Error())
		data, info, err = trust{anyone: true}.read("certificate", name, maxCertificate)
	}
	if err != nil {
		return err
	}
	a.took(name, info)
	mode := info.Mode()
	switch {
	case mode.Perm()&0o002 != 0:
		return hinted{fmt.Errorf("cannot use certificate %q (mode %04o): everybody on this host can write it", name, mode.Perm()),
			"chmod o-rwx " + name}
	case mode.Perm()&0o004 != 0:
		a.note(fmt.Sprintf("certificate %q has its key and can be read by everybody: chmod o-rwx %s", name, name))
	}
	a.supplies = append(a.supplies, certificate(name, data))
	return nil
}

// certificate looks whether a PEM file holds a chain and the key that belongs to it.
func certificate(name string, data []byte) supply {
	whole := sha256.Sum256(data)
	s := supply{Supply: Supply{Path: name, Kind: SupplyCertificate, Digest: hex.EncodeToString(whole[:])}, data: data}
	pair, err := tls.X509KeyPair(data, data)
	if err != nil {
		s.flaw = err
		return s
	}
	leaf := sha256.Sum256(pair.Leaf.Raw)
	s.leaf, s.Fingerprint, s.Ends = pair.Leaf, hex.EncodeToString(leaf[:]), pair.Leaf.NotAfter.UTC()
	return s
}

// soon is how long before its end a certificate is worth a word.
const soon = 14 * 24 * time.Hour

// preflightCertificate refuses what HAProxy could not use; the errors of crypto/tls name what is wrong and never quote
// the key. One that clients will not take is refused when it would replace another: HAProxy goes on with that. The one
// that a service has always had is worth a note, for refusing would keep people from every other change.
func (a *attempt) preflightCertificate(s supply) problems {
	if s.flaw != nil {
		hint := "HAProxy wants the certificate, its chain and its key in one file"
		if !bytes.Contains(s.data, []byte("PRIVATE KEY-----")) {
			hint += "; this one has no key"
		}
		return problems{{File: s.Path, Message: fmt.Sprintf("cannot use certificate %q: %v", s.Path, s.flaw), Hint: hint}}
	}
	now, day := a.report.Started, ""
	switch left := s.Ends.Sub(now); {
	case s.leaf.NotBefore.After(now):
		day = "only begins on " + s.leaf.NotBefore.UTC().Format(time.DateOnly)
	case left <= 0:
		day = "ended on " + s.Ends.Format(time.DateOnly)
	case left < soon:
		a.note(fmt.Sprintf("certificate %q ends on %s", s.Path, s.Ends.Format(time.DateOnly)))
		return nil
	default:
		return nil
	}
	if a.renews(s) {
		return problems{{File: s.Path, Message: fmt.Sprintf("cannot use certificate %q: it %s", s.Path, day),
			Hint: "clients would refuse it; HAProxy keeps the one that it has"}}
	}
	a.note(fmt.Sprintf("certificate %q %s: clients will refuse it", s.Path, day))
	return nil
}
