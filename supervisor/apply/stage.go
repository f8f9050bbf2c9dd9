package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// configMode is for installed configuration: it holds passwords, and the daemons read it before they drop root.
const configMode = 0o640

// stage puts the new files beside the ones that they will replace.
func (a *attempt) stage(context.Context) error {
	for _, t := range a.targets {
		if t.intent != install || !t.changes() {
			continue
		}
		if err := a.replace(t.staged(), t.text, configMode); err != nil {
			return fmt.Errorf("cannot stage %q: %w", t.path, err)
		}
		info, err := a.Disk.Lstat(t.staged())
		if err != nil {
			return fmt.Errorf("cannot stage %q: %w", t.path, err)
		}
		t.fresh = info
	}
	return nil
}

// replace creates a file of which a leftover may be in the way.
func (a *attempt) replace(name string, data []byte, mode fs.FileMode) error {
	if err := a.discard(name); err != nil {
		return err
	}
	return a.Disk.Create(name, data, mode, noGroup)
}

// discard removes a file that need not be there.
func (e *Engine) discard(name string) error {
	if err := e.Disk.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// unstage removes what staging may have left. It has nothing to undo: the journal does that.
func (a *attempt) unstage() {
	for _, t := range a.newTargets() {
		for _, name := range []string{t.staged(), t.trial()} {
			if err := a.discard(name); err != nil {
				a.note(fmt.Sprintf("cannot remove %q: %v", name, err))
			}
		}
	}
}
