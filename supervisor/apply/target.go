package apply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// intent is what an attempt wants of an installed file.
type intent uint8

const (
	leave   intent = iota // hand-written: not ours
	install               // it must have this text
	remove                // it must not be there
)

// target is one installed file on its way from what is to what shall be.
type target struct {
	name   string // haproxy.cfg
	path   string // /etc/haproxy/haproxy.cfg
	intent intent
	text   []byte // what shall be
	digest string

	there bool   // what is
	old   []byte // empty when it is not there
	info  fs.FileInfo
	fresh fs.FileInfo // of the staged file that will take its place
}

func (e *Engine) newTargets() []*target {
	return []*target{
		{name: haproxyName, path: e.HAProxyConfig},
		{name: keepalivedName, path: e.KeepalivedConfig},
	}
}

// changes says whether carrying out the intent does anything.
func (t *target) changes() bool {
	switch t.intent {
	case install:
		return !t.there || !bytes.Equal(t.old, t.text)
	case remove:
		return t.there
	default:
		return false
	}
}

// beside names a file in the target's own directory: only there is a rename atomic, and the label of SELinux right.
func (t *target) beside(what string) string {
	return filepath.Join(filepath.Dir(t.path), "."+t.name+".lbsup-"+what)
}

func (t *target) staged() string { return t.beside("new") }
func (t *target) backup() string { return t.beside("old") }
func (t *target) trial() string  { return t.beside("try") } // the copy that keepalived -t judges

// file is the target as a manifest records it.
func (t *target) file() File {
	f := File{Name: t.name, Path: t.path, Changed: t.changes(), Digest: t.digest}
	switch t.intent {
	case install:
		f.State = FileInstalled
		if t.fresh != nil {
			f.identify(t.fresh)
		} else if t.info != nil {
			f.identify(t.info)
		}
	case remove:
		f.State = FileAbsent
	default:
		f.State = FileHandWritten
	}
	return f
}

// look takes in what is installed now.
func (a *attempt) look(context.Context) error {
	for _, t := range a.targets {
		if t.intent == leave {
			continue
		}
		a.mask.learn(t.text)
		if err := a.lookAt(t); err != nil {
			return err
		}
		a.mask.learn(t.old)
	}
	base, err := a.baseline()
	a.base = base
	a.report.Number, a.report.Previous = base.manifest.Number, base.manifest.Number
	return err
}

var errIrregular = errors.New("it is not a regular file")

func (a *attempt) lookAt(t *target) error {
	info, err := a.Disk.Lstat(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cannot look at %q: %w", t.path, err)
	}
	if !info.Mode().IsRegular() {
		return hinted{fmt.Errorf("cannot replace %q: %w", t.path, errIrregular),
			"lbsup installs by rename, which would replace a link and not what it points to: put the file itself there"}
	}
	t.old, err = a.Disk.Read(t.path)
	if err != nil {
		return fmt.Errorf("cannot read %q: %w", t.path, err)
	}
	t.there, t.info = true, info
	return nil
}
