package apply

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// commit makes what was staged and validated the installed configuration.
func (a *attempt) commit(context.Context) error {
	if err := a.unmoved(); err != nil {
		return err
	}
	kept, err := a.install(a.manifest(Committed), a.contents(), a.moves())
	if err != nil {
		return fmt.Errorf("cannot commit: %w", err)
	}
	a.report.Number = kept.Number
	return nil
}

// unmoved looks once more whether the installed files are those that the attempt looked at: a check by the daemons may
// have taken long enough for somebody to save an edit.
func (a *attempt) unmoved() error {
	for _, t := range a.targets {
		if !t.changes() {
			continue
		}
		info, err := a.Disk.Lstat(t.path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot look at %q: %w", t.path, err)
		}
		seen := Identity{}
		if t.there {
			seen.identify(t.info)
		}
		if there := err == nil; there != t.there || there && !seen.unchanged(info) {
			return hinted{fmt.Errorf("cannot replace %q: somebody changed it just now", t.path), "apply again to see what was changed"}
		}
	}
	return nil
}

// manifest describes this attempt.
func (a *attempt) manifest(outcome Outcome) Manifest {
	m := Manifest{Created: a.report.Started, Request: a.report.Request, Origin: a.origin, Node: a.nodeName(),
		Outcome: outcome, Notes: a.report.Notes, Supplies: a.recordSupplies(), Inputs: a.inputs}
	for _, t := range a.targets {
		m.Files = append(m.Files, t.file())
	}
	return m
}

// date notes which generation the content of each file came with: this one, or the one that the generation before had it
// from. Writing over an edit brings no new content.
func (a *attempt) date(m *Manifest) {
	for i := range m.Files {
		f, was := &m.Files[i], a.base.manifest.file(m.Files[i].Name)
		f.Since, f.Came = m.Number, m.Created
		for _, t := range a.targets {
			if t.name == f.Name && was.Since != 0 && was.State == f.State && bytes.Equal(a.base.files[f.Name], t.text) {
				f.Since, f.Came = was.Since, was.Came
			}
		}
	}
	for i, s := range a.supplies {
		if s.Copy != "" {
			m.Supplies[i].Since = a.writtenSince(s, m.Number)
		}
	}
}

// writtenSince tells which generation brought the content of a hand-written file, for those that may not read it.
func (a *attempt) writtenSince(s supply, now int) int {
	for _, was := range a.base.manifest.Supplies {
		if was.Since != 0 && was.same(s.Supply) && bytes.Equal(a.base.files[s.Copy], s.data) {
			return was.Since
		}
	}
	return now
}

// contents is what a generation of this attempt keeps: its input, its output, and what it would overwrite or did.
func (a *attempt) contents() map[string][]byte {
	c := map[string][]byte{}
	if a.input != nil {
		c[clusterName] = a.input
	}
	for _, t := range a.targets {
		if t.intent == install && t.text != nil {
			c[t.name] = t.text
		}
		if a.drifted(t) {
			c[foundPrefix+t.name] = t.old
		}
	}
	for _, s := range a.supplies {
		if s.Copy != "" {
			c[s.Copy] = s.data
		}
	}
	return c
}

func (a *attempt) moves() []move {
	var moves []move
	for _, t := range a.targets {
		if !t.changes() {
			continue
		}
		m := move{Target: t.path, Backup: t.backup(), Existed: t.there}
		if t.intent == install {
			m.Staged = t.staged()
		}
		moves = append(moves, m)
	}
	return moves
}
