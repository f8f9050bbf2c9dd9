package state

// inputChanged asks for a change in the name of an edit.
func (t *turn) inputChanged(path string) {
	t.Edited = true
	if !t.watching() {
		return
	}
	if t.Job != nil {
		t.Again = path
		return
	}
	t.asked(Asked{At: At(t.now), Verb: "reload", By: "an edit of " + path})
}

// outputChanged looks for drift, and for a generation that root installed by hand. A job that is under way looks itself.
func (t *turn) outputChanged() {
	if t.Job == nil {
		t.do(Load{Reason: "an installed file changed"})
	}
	t.do(FindDrift{Reason: "an installed file changed"})
}

// watching tells whether edits are applied without being asked: neither the command line nor the installed file says no.
func (s State) watching() bool {
	return s.WatchInput && (s.Installed.Local == nil || s.Installed.Local.Watch)
}
