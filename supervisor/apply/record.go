package apply

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
)

// recognise notes the identity of files that somebody wrote again with the same content, so that the supervisor does not
// take them for edited.
func (a *attempt) recognise() {
	m, changed := a.base.manifest, !slices.Equal(a.base.manifest.Inputs, a.inputs)
	m.Inputs = a.inputs
	for i, f := range m.Files {
		for _, t := range a.targets {
			if t.name == f.Name && t.there && f.State == FileInstalled && !f.unchanged(t.info) {
				m.Files[i].identify(t.info)
				changed = true
			}
		}
	}
	if !changed || a.checkOnly {
		return
	}
	name := a.store.file(m.Number, manifestName)
	if err := a.writeJSON(name, m, 0o640, a.group()); err != nil {
		a.note(fmt.Sprintf("cannot write %q: %v", name, err))
	}
}

// keepRejected keeps a refused attempt with the reason, for history. That it cannot be kept changes nothing.
func (a *attempt) keepRejected() {
	if a.input == nil && a.targets == nil {
		return // it came to nothing that could be kept
	}
	n, err := a.next()
	if err == nil {
		m := a.manifest(Rejected)
		contents := a.contents()
		m.Number, m.Stage, m.Problems, m.Words = n, a.report.Stage, a.report.Problems, a.report.Words
		m.Bytes = weigh(m, contents)
		if err = a.write(m, contents); err == nil {
			err = a.reveal(n)
		}
	}
	if err != nil {
		a.note(fmt.Sprintf("the refused change could not be kept: %v", err))
		return
	}
	a.report.Number = n
}

// leaveReport writes the report where the supervisor finds it.
func (a *attempt) leaveReport(staged string) {
	staged = filepath.Join(a.StateDir, staged+freshSuffix)
	if err := a.replaceJSON(staged, filepath.Join(a.StateDir, reportName), a.report, 0o640, a.group()); err != nil {
		a.note(fmt.Sprintf("this report could not be left for the supervisor: %v", err))
	}
}

// writeJSON replaces a file in one step.
func (e *Engine) writeJSON(name string, value any, mode fs.FileMode, gid int) error {
	return e.replaceJSON(name+freshSuffix, name, value, mode, gid)
}

func (e *Engine) replaceJSON(staged, name string, value any, mode fs.FileMode, gid int) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	if err := e.discard(staged); err != nil {
		return err
	}
	if err := e.Disk.Create(staged, append(data, '\n'), mode, gid); err != nil {
		return err
	}
	if err := e.Disk.Rename(staged, name); err != nil {
		return err
	}
	return e.Disk.Sync(filepath.Dir(name))
}
