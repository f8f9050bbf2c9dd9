package apply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

func (a *attempt) trusted() trust { return trust{below: strings.TrimSuffix(a.Trust, "/")} }

// read takes the cluster file in.
func (a *attempt) read(context.Context) error {
	data, _, err := a.trusted().read("cluster file", a.ClusterFile, maxClusterFile)
	if err != nil {
		return err
	}
	a.input, a.origin = data, OriginClusterFile
	return nil
}

// parse turns the input into this node's view of the cluster.
func (a *attempt) parse(context.Context) error {
	local, err := a.view(a.ClusterFile)
	a.local = local
	return err
}

func (a *attempt) view(file string) (*cluster.Local, error) {
	c, ps := cluster.Parse(file, a.input)
	if len(ps) > 0 {
		return nil, fromCluster(ps)
	}
	name := a.Node
	if name == "" {
		host, err := a.Hostname()
		if err != nil {
			return nil, fmt.Errorf("cannot find out this host's name: %w", err)
		}
		if name, err = c.NodeFor(host); err != nil {
			return nil, err
		}
	}
	return c.Local(name)
}

// readSecrets takes in the files that the cluster file names for its passwords; all that cannot be read are told.
func (a *attempt) readSecrets(context.Context) error {
	a.secrets = cluster.Secrets{}
	var refused problems
	for _, name := range a.local.SecretFiles() {
		data, info, err := a.trusted().read("password file", name, maxSecretFile)
		if err != nil {
			refused = append(refused, reasons(err)...)
			continue
		}
		a.took(name, info)
		if info.Mode().Perm()&0o004 != 0 {
			a.note(fmt.Sprintf("password file %q can be read by everybody: chmod 600 %s", name, name))
		}
		secret := strings.TrimSuffix(string(data), "\n")
		a.secrets[name] = secret
		a.mask.add(secret)
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

func (a *attempt) checkSecrets(context.Context) error {
	if ps := a.local.CheckSecrets(a.secrets); len(ps) > 0 {
		return fromCluster(ps)
	}
	return nil
}

// readGeneration takes in an earlier generation instead of the cluster file.
func (a *attempt) readGeneration(context.Context) error {
	n := a.request.Number
	m, err := a.store.Get(n)
	if errors.Is(err, fs.ErrNotExist) {
		return hinted{fmt.Errorf("cannot roll back to generation %d: there is no such generation", n), "lbsup history lists them"}
	}
	if err != nil {
		return err
	}
	if m.Outcome != Committed {
		return hinted{fmt.Errorf("cannot roll back to generation %d: it was rejected (%s) and never installed", n, m.Stage), "lbsup history lists them"}
	}
	if a.input, err = a.Disk.Read(a.store.file(n, clusterName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot read the cluster file of generation %d: %w", n, err)
	}
	if a.input != nil {
		if a.local, err = a.view(clusterName); err != nil {
			a.note(fmt.Sprintf("the cluster file of generation %d is no longer understood, so its binds and certificates are not looked at: %v", n, err))
		}
	}
	a.origin = fmt.Sprintf("generation %d", n)
	if a.targets, err = a.stored(m); err != nil {
		return err
	}
	return a.handWritten(m)
}

// handWritten refuses to go back to hand-written files that are others now: lbsup keeps copies of them and writes none.
func (a *attempt) handWritten(m Manifest) error {
	var refused problems
	for _, s := range m.Supplies {
		if s.Copy == "" {
			continue
		}
		kept, err := a.Disk.Read(a.store.file(m.Number, s.Copy))
		if err != nil {
			return fmt.Errorf("cannot read %s of generation %d: %w", s.Copy, m.Number, err)
		}
		if now, err := a.Disk.Read(s.Path); err == nil && bytes.Equal(now, kept) {
			continue
		}
		refused = append(refused, Problem{File: s.Path,
			Message: fmt.Sprintf("cannot roll back to generation %d: %q is hand-written and was another one then", m.Number, s.Path),
			Hint:    fmt.Sprintf("put it back by hand first: install -m 0640 %s %s", a.store.file(m.Number, s.Copy), s.Path)})
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

// stored is what a generation installed, as targets of this attempt.
func (a *attempt) stored(m Manifest) ([]*target, error) {
	var out []*target
	for _, t := range a.newTargets() {
		f := m.file(t.name)
		switch f.State {
		case FileInstalled:
			text, err := a.Disk.Read(a.store.file(m.Number, t.name))
			if err != nil {
				return nil, fmt.Errorf("cannot read %s of generation %d: %w", t.name, m.Number, err)
			}
			a.mask.learn(text)
			t.intent, t.text, t.digest = install, text, f.Digest
		case FileAbsent:
			t.intent = remove
		case FileHandWritten:
			t.intent = leave
		}
		out = append(out, t)
	}
	return out, nil
}
