package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// prepare makes the directories of the state where they are missing; packages bring them.
func (a *attempt) prepare(context.Context) error {
	for _, dir := range []string{a.StateDir, a.generationsDir()} {
		if _, err := a.Disk.Lstat(dir); err == nil {
			continue
		}
		if err := a.Disk.Mkdir(dir, 0o750, a.group()); err != nil && !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("cannot make %q: %w", dir, err)
		}
	}
	return nil
}

// recover brings the host back to a whole generation after an apply that was interrupted.
func (a *attempt) recover(context.Context) error {
	j, interrupted, err := a.readJournal()
	if err != nil {
		return err
	}
	if interrupted {
		if err := a.resolve(j); err != nil {
			return err
		}
	}
	return a.sweep()
}

func (a *attempt) resolve(j journal) error {
	current, err := a.pointsAt()
	if err != nil {
		return err
	}
	if current == j.To {
		a.note(fmt.Sprintf("an apply was interrupted after it had installed generation %d", j.To))
		return a.finish(j)
	}
	a.note(fmt.Sprintf("an apply was interrupted while it installed generation %d: what was there before is put back", j.To))
	return a.undo(j)
}

// sweep removes what an interrupted apply left unfinished.
func (a *attempt) sweep() error {
	names, err := a.Disk.List(a.generationsDir())
	if err != nil {
		return err
	}
	for _, name := range names {
		path := filepath.Join(a.generationsDir(), name)
		switch {
		case name == currentName+freshSuffix:
			err = a.discard(path)
		case strings.HasSuffix(name, freshSuffix), strings.HasSuffix(name, staleSuffix):
			err = a.removeDir(path)
		}
		if err != nil {
			return fmt.Errorf("cannot remove %q: %w", path, err)
		}
	}
	for _, name := range []string{a.journalFile(), filepath.Join(a.StateDir, reportName)} {
		if err := a.discard(name + freshSuffix); err != nil {
			return fmt.Errorf("cannot remove %q: %w", name+freshSuffix, err)
		}
	}
	a.unstage()
	return nil
}
