package state

import "github.com/lbsup/lbsup/render"

// inputChanged asks for a change in the name of an edit. Word of an edit comes late: the job under way, or one that has ended, may have read it already.
func (t *turn) inputChanged(path string) {
	t.Edited = true
	switch {
	case t.Job != nil:
		t.Again = path
	case t.watching():
		t.asked(Asked{At: At(t.now), Verb: "reload", By: "an edit of " + path})
	case path == render.ClusterFile:
		t.load("the cluster file was saved")
	}
}

// outputChanged looks for drift, and for a generation that root installed by hand. A job that is under way looks itself.
func (t *turn) outputChanged() {
	if t.Job == nil {
		t.load("an installed file changed")
	}
	t.do(FindDrift{Reason: "an installed file changed"})
}

// watching tells whether edits are applied without being asked: neither the command line nor the installed file says no.
func (s State) watching() bool {
	return s.WatchInput && (s.Installed.Local == nil || s.Installed.Local.Watch)
}
