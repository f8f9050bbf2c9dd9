package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/lbsup/lbsup/render/cluster"
)

// haproxyTrial asks HAProxy. Most nodes get the same configuration: it is asked about once.
func (t *trial) haproxyTrial(ctx context.Context, c *cluster.Cluster, nodes []rendered) error {
	if t.haproxy == "" {
		return nil
	}
	daemon := "HAProxy " + t.haproxyBuild.Version
	if files := c.HAProxy.Files; len(files) > 0 {
		return t.handWritten(ctx, daemon, files)
	}
	var texts []string
	same := map[string][]string{}
	for _, n := range nodes {
		text := string(n.haproxy.Text)
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		same[text] = append(same[text], n.node)
	}
	var accepted []string
	for i, text := range texts {
		ok, err := t.ask(ctx, daemon, listed(same[text]), []byte(text), fmt.Sprintf("haproxy-%d.cfg", i+1), t.haproxy, "-c", "-f")
		if err != nil {
			return err
		}
		if ok {
			accepted = append(accepted, same[text]...)
		}
	}
	t.accepts(daemon, accepted)
	return nil
}

// handWritten asks about files that the admin keeps, where they can be read.
func (t *trial) handWritten(ctx context.Context, daemon string, files []string) error {
	argv := []string{t.haproxy, "-c"}
	for _, file := range files {
		if err := readable(file); err != nil {
			t.open(fmt.Sprintf("not checked: HAProxy's own file %s: %s", file, plainly(err)))
			return nil
		}
		argv = append(argv, "-f", file)
	}
	ok, err := t.run(ctx, daemon, listed(files), argv...)
	if ok {
		t.fine(daemon + " accepts " + listed(files))
	}
	return err
}

// withCertificates returns the cluster with a certificate made for the trial in the place of each one that cannot be
// read here, so that HAProxy judges everything else.
func (t *trial) withCertificates(c *cluster.Cluster) (*cluster.Cluster, error) {
	made := filepath.Join(t.dir, "certificate.pem")
	unread := map[string]bool{}
	for _, file := range c.CertificateFiles() {
		if err := readable(file); err != nil {
			unread[file] = true
			t.open(fmt.Sprintf("not checked: certificate %s: %s", file, plainly(err)))
		}
	}
	if len(unread) == 0 {
		return c, nil
	}
	pem, err := throwawayCertificate()
	if err := errors.Join(err, os.WriteFile(made, pem, 0o600)); err != nil {
		return nil, fmt.Errorf("cannot make a certificate for the trial: %w", err)
	}
	return swapCertificates(c, unread, made), nil
}

// readable says why this user cannot read a file.
func readable(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return f.Close()
}

func swapCertificates(c *cluster.Cluster, unread map[string]bool, made string) *cluster.Cluster {
	stand := *c
	stand.Services = slices.Clone(c.Services)
	for i, s := range stand.Services {
		if s.TLS == nil {
			continue
		}
		tls := *s.TLS
		tls.Certificates = slices.Clone(s.TLS.Certificates)
		for j, file := range tls.Certificates {
			if unread[file] {
				tls.Certificates[j] = made
			}
		}
		stand.Services[i].TLS = &tls
	}
	return &stand
}
