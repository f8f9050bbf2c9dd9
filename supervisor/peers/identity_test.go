package peers

import (
	"crypto/ed25519"
	"crypto/x509"
	"strings"
	"testing"
	"time"
)

func TestFilesThatCannotBeUsed(t *testing.T) {
	good := time.Now().Add(time.Hour)
	office := newOffice(t)
	for _, row := range []struct {
		name   string
		change func(*Settings)
		want   string
	}{
		{"a key file for everybody", func(s *Settings) { s.KeyFile = file(t, "k", secret, 0o644) },
			"cannot use the key file FILE: everybody on this host may use it (mode 0644): chmod 0640, chgrp lbsup"},
		{"a password", func(s *Settings) { s.KeyFile = file(t, "k", "hunter2\n", 0o640) },
			"cannot use the key file FILE: got 7 characters, want 32 to 4096 random ones, as `openssl rand -base64 48` makes them"},
		{"an empty key file", func(s *Settings) { s.KeyFile = file(t, "k", "\n", 0o640) },
			"cannot use the key file FILE: got 0 characters, want 32 to 4096 random ones, as `openssl rand -base64 48` makes them"},
		{"a huge key file", func(s *Settings) { s.KeyFile = file(t, "k", strings.Repeat("x", 1<<20), 0o640) },
			"cannot use the key file FILE: got 4097 characters, want 32 to 4096 random ones, as `openssl rand -base64 48` makes them"},
		{"no authority in its file", func(s *Settings) { *s = office.by(*s, "lb1", good); s.Authority = file(t, "ca", "x", 0o644) },
			"cannot use FILE: got no certificate in it, want those of the authority"},
		{"a certificate that is none", func(s *Settings) { *s = office.by(*s, "lb1", good); s.Certificate = file(t, "c", "x", 0o644) },
			"cannot use the certificate FILE with the key KEY: tls: failed to find any PEM data in certificate input"},
		{"a certificate that has expired", func(s *Settings) { *s = office.by(*s, "lb1", time.Unix(1700000000, 0)) },
			"the certificate FILE has expired: it was good until 2023-11-14 22:13:20 UTC"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, _ := pair(t)
			row.change(&s)
			err := (&identity{settings: s, clock: time.Now}).trouble()
			if err == nil {
				t.Fatal("it is used")
			}
			got := err.Error()
			for _, name := range []string{s.KeyFile, s.Certificate, s.Authority} {
				if name != "" {
					got = strings.ReplaceAll(got, name, "FILE")
				}
			}
			if s.Key != "" {
				got = strings.ReplaceAll(got, s.Key, "KEY")
			}
			if got != row.want {
				t.Errorf("got  %q\nwant %q", got, row.want)
			}
			if strings.Contains(got, "hunter2") || strings.Contains(got, secret) {
				t.Error("the secret is told")
			}
		})
	}
}

// Nodes with one secret make the same authority; everything else about the keys differs.
func TestDerive(t *testing.T) {
	make := func(secret, cluster, node string) *proof {
		p, err := derive([]byte(secret), cluster, node)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	a, b := make(secret, "web", "lb1"), make(secret, "web", "lb2")
	if !a.roots.Equal(b.roots) {
		t.Error("two nodes made two authorities")
	}
	if again := make(secret, "web", "lb1"); !again.own.Leaf.Equal(a.own.Leaf) {
		t.Error("a node that starts again is another one")
	}
	seen := map[string]string{}
	for name, p := range map[string]*proof{
		"lb1": a, "lb2": b, "of another cluster": make(secret, "mail", "lb1"), "of another secret": make(secret+"x", "web", "lb1"),
		"of a cluster that ends as a node begins": make(secret, "web\x00node l", "b1"),
	} {
		key := string(p.own.PrivateKey.(ed25519.PrivateKey))
		if other, twice := seen[key]; twice {
			t.Errorf("%s has the key of %s", name, other)
		}
		seen[key] = name
	}
	for name, p := range map[string]*proof{"another secret": make(secret+"x", "web", "lb2"), "another cluster": make(secret, "mail", "lb2")} {
		if _, err := p.own.Leaf.Verify(x509.VerifyOptions{Roots: a.roots}); err == nil {
			t.Errorf("a certificate of %s is believed", name)
		}
	}
	if _, err := b.own.Leaf.Verify(x509.VerifyOptions{Roots: a.roots, DNSName: "lb2", KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Error(err)
	}
	if err := make(secret, "web", "10.0.0.1").own.Leaf.VerifyHostname("10.0.0.1"); err != nil {
		t.Errorf("a name that looks like an address: %v", err)
	}
}
