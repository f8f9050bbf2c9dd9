package apply

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// journal is written before the first installed file changes and removed after the last trace of the change is gone.
// While it is there, whoever comes next finishes what it describes or takes it back. What decides is the link to the
// current generation: renaming that link is the moment of the commit.
type journal struct {
	From  int    `json:"from"`
	To    int    `json:"to"`
	Moves []move `json:"moves"`
}

// move is one installed file that changes. The backup is a second link to the old file: making it and putting it back
// need no space on the disk, and the old file keeps its identity.
type move struct {
	Target  string `json:"target"`
	Backup  string `json:"backup"`
	Existed bool   `json:"existed"`          // there was an old file
	Staged  string `json:"staged,omitempty"` // the new file; empty when the target is only removed
}

func (e *Engine) journalFile() string    { return filepath.Join(e.StateDir, journalName) }
func (e *Engine) generationsDir() string { return filepath.Join(e.StateDir, "generations") }

func (e *Engine) writeJournal(j journal) error {
	return e.writeJSON(e.journalFile(), j, 0o600, noGroup)
}

// readJournal returns the journal of an interrupted commit; false means that there is none.
func (e *Engine) readJournal() (journal, bool, error) {
	data, err := e.Disk.Read(e.journalFile())
	if errors.Is(err, fs.ErrNotExist) {
		return journal{}, false, nil
	}
	var j journal
	if err == nil {
		err = json.Unmarshal(data, &j)
	}
	if err != nil {
		return journal{}, false, hinted{fmt.Errorf("cannot read %q, which an interrupted apply left: %w", e.journalFile(), err),
			"compare the installed files with the latest generation by hand, then remove the journal"}
	}
	return j, true, nil
}

// carry makes the moves: after it, each target is what it shall be, and its old self still there as the backup.
func (e *Engine) carry(moves []move) error {
	for _, m := range moves {
		if m.Existed {
			if err := e.Disk.Link(m.Target, m.Backup); err != nil {
				return err
			}
		}
		var err error
		if m.Staged == "" {
			err = e.Disk.Remove(m.Target)
		} else {
			err = e.Disk.Rename(m.Staged, m.Target)
		}
		if err != nil {
			return err
		}
	}
	return e.syncDirs(moves)
}

// undo takes the moves back, however far they came. It may be interrupted and done again.
func (e *Engine) undo(j journal) error {
	for _, m := range j.Moves {
		if err := e.undoMove(m); err != nil {
			return fmt.Errorf("cannot put %q back: %w", m.Target, err)
		}
	}
	if err := e.syncDirs(j.Moves); err != nil {
		return err
	}
	for _, dir := range []string{e.generation(j.To) + freshSuffix, e.generation(j.To)} {
		if err := e.removeDir(dir); err != nil {
			return err
		}
	}
	return e.closeJournal()
}

func (e *Engine) undoMove(m move) error {
	if m.Existed {
		err := e.Disk.Rename(m.Backup, m.Target)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // the old file has not been touched yet, or is back already
		}
		if err != nil {
			return err
		}
		// rename(2) does nothing when both names are links to one file: then the backup is left.
		return e.discard(m.Backup)
	}
	if _, err := e.Disk.Lstat(m.Staged); err == nil {
		return nil // still beside the target: whatever is there is not ours
	}
	return e.discard(m.Target)
}

// finish removes the traces of a commit that is done.
func (e *Engine) finish(j journal) error {
	for _, m := range j.Moves {
		if err := e.discard(m.Backup); err != nil {
			return fmt.Errorf("cannot remove %q: %w", m.Backup, err)
		}
	}
	return e.closeJournal()
}

func (e *Engine) closeJournal() error {
	if err := e.discard(e.journalFile()); err != nil {
		return fmt.Errorf("cannot remove %q: %w", e.journalFile(), err)
	}
	return e.Disk.Sync(e.StateDir)
}

func (e *Engine) syncDirs(moves []move) error {
	for _, m := range moves {
		if err := e.Disk.Sync(filepath.Dir(m.Target)); err != nil {
			return err
		}
	}
	return nil
}
