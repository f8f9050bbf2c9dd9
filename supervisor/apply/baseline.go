package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// baseline is what lbsup last installed: the current generation with its contents.
type baseline struct {
	manifest Manifest
	input    []byte
	files    map[string][]byte // by name; without what was absent
}

// baseline returns the current generation. Where there is none, what is on the disk is taken as if a generation had put
// it there: adopt has made it one, unless this is only a check or there was nothing to adopt.
func (a *attempt) baseline() (baseline, error) {
	m, err := a.store.Current()
	if errors.Is(err, fs.ErrNotExist) {
		return a.found(), nil
	}
	if err != nil {
		return baseline{}, hinted{err, "if it cannot be repaired, remove " + filepath.Join(a.generationsDir(), currentName) +
			": then what is installed now is kept as a new generation"}
	}
	b := baseline{manifest: m, files: map[string][]byte{}}
	if b.input, err = a.Disk.Read(a.store.file(m.Number, clusterName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return b, fmt.Errorf("cannot read the cluster file of generation %d: %w", m.Number, err)
	}
	for _, name := range m.contents() {
		if b.files[name], err = a.Disk.Read(a.store.file(m.Number, name)); err != nil {
			return b, fmt.Errorf("cannot read %s of generation %d: %w", name, m.Number, err)
		}
	}
	return b, nil
}

// contents names the files that a generation keeps of what was installed.
func (m Manifest) contents() []string {
	var names []string
	for _, f := range m.Files {
		if f.State == FileInstalled {
			names = append(names, f.Name)
		}
	}
	for _, s := range m.Supplies {
		if s.Copy != "" {
			names = append(names, s.Copy)
		}
	}
	return names
}

func (a *attempt) found() baseline {
	b := baseline{files: map[string][]byte{}}
	for _, t := range a.targets {
		if t.there {
			b.files[t.name] = t.old
		}
	}
	return b
}

// adopt keeps what was on the disk before lbsup came as a generation of its own, so that a rollback can put it back
// exactly. What is no regular file is none of lbsup's: it is left alone.
func (a *attempt) adopt(context.Context) error {
	if _, err := a.store.Current(); !errors.Is(err, fs.ErrNotExist) || a.checkOnly {
		return nil // an unreadable generation is told of when it is needed
	}
	contents := map[string][]byte{}
	m := Manifest{Created: a.report.Started, Request: a.report.Request, Origin: OriginFound, Outcome: Committed}
	for _, t := range a.newTargets() {
		f := File{Name: t.name, Path: t.path, State: FileAbsent}
		err := a.lookAt(t)
		switch {
		case errors.Is(err, errIrregular):
			f.State = FileHandWritten
		case err != nil:
			return err
		case t.there:
			f.State = FileInstalled
			f.identify(t.info)
			contents[t.name] = t.old
		}
		m.Files = append(m.Files, f)
	}
	if len(contents) == 0 {
		return nil
	}
	kept, err := a.install(m, contents, nil)
	if err != nil {
		return fmt.Errorf("cannot keep the files that were here before lbsup: %w", err)
	}
	a.note(fmt.Sprintf("what was installed before lbsup came is kept as generation %d", kept.Number))
	return nil
}
