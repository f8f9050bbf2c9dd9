package apply

import "fmt"

// install writes a generation, makes its moves and makes it the current one: all of it, or nothing.
func (a *attempt) install(m Manifest, contents map[string][]byte, moves []move) (Manifest, error) {
	n, err := a.next()
	if err != nil {
		return m, err
	}
	m.Number = n
	a.date(&m)
	m.Bytes = weigh(m, contents)
	from, err := a.pointsAt()
	if err != nil {
		return m, err
	}
	j := journal{From: from, To: n, Moves: moves}
	if err := a.write(m, contents); err != nil {
		a.forget(j)
		return m, err
	}
	// A backup that an earlier apply left must be gone before the journal names it: undoing would install it.
	for _, mv := range moves {
		if err := a.discard(mv.Backup); err != nil {
			a.forget(j)
			return m, err
		}
	}
	if err := a.change(j); err != nil {
		return m, a.takeBack(j, err)
	}
	if err := a.finish(j); err != nil {
		a.note(fmt.Sprintf("generation %d is installed, but not all traces of the change could be removed: %v", n, err))
	}
	return m, nil
}

// change carries the journal out, up to the moment of the commit.
func (a *attempt) change(j journal) error {
	if err := a.syncDirs(j.Moves); err != nil {
		return err
	}
	if err := a.writeJournal(j); err != nil {
		return err
	}
	if err := a.carry(j.Moves); err != nil {
		return err
	}
	if err := a.reveal(j.To); err != nil {
		return err
	}
	if err := a.point(j.To); err != nil {
		if now, look := a.pointsAt(); look != nil || now != j.To {
			return err
		}
		// A rename may be done and fail all the same. The link decides, as after a stop.
		a.note(fmt.Sprintf("generation %d is installed, but the disk said: %v", j.To, err))
	}
	if err := a.Disk.Sync(a.generationsDir()); err != nil {
		a.note(fmt.Sprintf("generation %d is installed, but may not outlive a power failure: %v", j.To, err))
	}
	return nil
}

// later is said of a change that could not be taken back at once: a disk that lets nothing be written keeps the journal.
const later = "the next apply will finish it or put back what was installed before"

// takeBack undoes a change that failed.
func (a *attempt) takeBack(j journal, cause error) error {
	if err := a.undo(j); err != nil {
		return fmt.Errorf("%w; and then %w: %s", cause, err, later)
	}
	return cause
}

// forget removes a generation that did not come to its journal.
func (a *attempt) forget(j journal) {
	if err := a.removeDir(a.generation(j.To) + freshSuffix); err != nil {
		a.note(fmt.Sprintf("cannot remove the unfinished generation %d: %v", j.To, err))
	}
}
