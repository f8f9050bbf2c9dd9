package peers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
	"time"
)

// proof is by what a node shows who it is, and by what it believes others.
type proof struct {
	own   tls.Certificate
	roots *x509.CertPool
}

// identity is a proof that is read from files, which may be renewed at any time.
type identity struct {
	settings Settings
	clock    func() time.Time

	mu     sync.Mutex
	loaded *proof
	stamp  string // of the files that it was read from
}

// get returns the proof as it is on the disk. Files that became unreadable do not end an exchange that goes on.
func (i *identity) get() (*proof, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	err := i.look()
	if i.loaded == nil {
		return nil, err
	}
	return i.loaded, nil
}

// trouble says what is wrong with the files.
func (i *identity) trouble() error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if err := i.look(); err != nil {
		return err
	}
	if leaf := i.loaded.own.Leaf; i.clock().After(leaf.NotAfter) {
		return fmt.Errorf("the certificate %s has expired: it was good until %s", i.settings.Certificate, leaf.NotAfter.UTC().Format(time.DateTime+" MST"))
	}
	return nil
}

func (i *identity) look() error {
	s := i.settings
	files := []string{s.Certificate, s.Key, s.Authority}
	if s.KeyFile != "" {
		files = []string{s.KeyFile}
	}
	stamp, err := stampOf(files)
	if err != nil {
		return err
	}
	if i.loaded != nil && stamp == i.stamp {
		return nil
	}
	read := fromFiles
	if s.KeyFile != "" {
		read = fromKeyFile
	}
	p, err := read(s)
	if err != nil {
		return err
	}
	i.loaded, i.stamp = p, stamp
	return nil
}

func stampOf(files []string) (stamp string, err error) {
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return "", unreadable(name, err)
		}
		stamp += fmt.Sprintf("%d %d %o ", info.Size(), info.ModTime().UnixNano(), info.Mode())
	}
	return stamp, nil
}

func unreadable(name string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	hint := ""
	if errors.Is(err, fs.ErrPermission) {
		hint = ": lbsup runs as user lbsup"
	}
	return fmt.Errorf("cannot read %s: %v%s", name, err, hint)
}

// fromFiles reads certificates that somebody else made.
func fromFiles(s Settings) (*proof, error) {
	own, err := tls.LoadX509KeyPair(s.Certificate, s.Key)
	if err != nil {
		return nil, fmt.Errorf("cannot use the certificate %s with the key %s: %s", s.Certificate, s.Key, words(err))
	}
	if err := own.Leaf.VerifyHostname(s.Self.Name); err != nil {
		return nil, fmt.Errorf("cannot use the certificate %s: got one for %s, want one for %s", s.Certificate, names(own.Leaf), s.Self.Name)
	}
	text, err := os.ReadFile(s.Authority)
	if err != nil {
		return nil, unreadable(s.Authority, err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("cannot use %s: got no certificate in it, want those of the authority", s.Authority)
	}
	return &proof{own, roots}, nil
}

// names are the nodes that a certificate is for.
func names(c *x509.Certificate) string {
	if len(c.DNSNames) == 0 {
		return "no name at all"
	}
	return strings.Join(c.DNSNames, ", ")
}
