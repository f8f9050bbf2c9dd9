package watch

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/fsnotify/fsnotify"
)

// run is the state of one Run.
type run struct {
	*Watcher
	notify  *fsnotify.Watcher
	chains  map[string][]string // of each file, the entries on the way to it
	watched map[string]look     // which directory it was when the watch was put on its path
	told    map[string]string   // the trouble with each directory that cannot be watched
}

// event looks again if the event is about an entry on the way to a file. A file that was written to counts as changed even
// if it looks as before: within one tick of the kernel's clock it may.
func (r *run) event(event fsnotify.Event) []string {
	var touched []string
	concerned := false
	for path, entries := range r.chains {
		if !slices.Contains(entries, event.Name) {
			continue
		}
		concerned = true
		if event.Name == entries[len(entries)-1] && event.Op&^fsnotify.Chmod != 0 {
			touched = append(touched, path)
		}
	}
	if !concerned {
		return nil
	}
	return r.survey(touched)
}

// lost takes everything to be changed when the kernel's queue ran over: nobody knows what was in it.
func (r *run) lost(err error) []string {
	if errors.Is(err, fsnotify.ErrEventOverflow) {
		return r.survey(slices.Collect(maps.Keys(r.chains)))
	}
	if r.Trouble != nil {
		r.Trouble(fmt.Errorf("cannot watch files: %v", err))
	}
	return r.survey(nil)
}

// survey brings the watched directories up to date and returns the files that are touched or look different, sorted. It
// looks at the files after the watches stand, so that nothing falls between the two.
func (r *run) survey(touched []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rewatch()
	changed := map[string]bool{}
	for _, path := range touched {
		_, changed[path] = r.seen[path]
	}
	for path, before := range r.seen {
		now := glance(path)
		r.seen[path] = now
		changed[path] = changed[path] || now != before
	}
	maps.DeleteFunc(changed, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(changed))
}

// rewatch watches the directories on the way to every file, and those alone. It repeats itself while that way changes under
// its hands, within reason: what changes later is an event.
func (r *run) rewatch() {
	for range 5 {
		r.chains = map[string][]string{}
		for path := range r.seen {
			r.chains[path] = chain(path)
		}
		want := directories(r.chains)
		if !r.adjust(want) {
			return
		}
	}
}

// adjust reports whether there is reason to repeat it: a directory is watched that was not, or has just vanished. A watch stays with a directory that was moved away and goes with
// one that was removed, so another directory at the same path needs another watch. The inode alone does not tell: that of a
// removed directory is soon used again.
func (r *run) adjust(want map[string]bool) (again bool) {
	live := r.notify.WatchList()
	for directory, was := range r.watched {
		now := glance(directory)
		if want[directory] && slices.Contains(live, directory) && now.device == was.device && now.inode == was.inode {
			continue
		}
		// The error is that it is not watched any more.
		_ = r.notify.Remove(directory)
		delete(r.watched, directory)
	}
	for directory := range want {
		if _, watched := r.watched[directory]; watched {
			continue
		}
		now := glance(directory)
		err := r.notify.Add(directory)
		if err == nil {
			r.watched[directory] = now
		}
		if vanished := errors.Is(err, os.ErrNotExist); err == nil || vanished {
			again, err = true, nil
		}
		r.trouble(directory, err)
	}
	return again
}

// trouble tells of a directory that cannot be watched, once for each reason.
func (r *run) trouble(directory string, err error) {
	words := ""
	if err != nil {
		words = err.Error()
	}
	if words != "" && words != r.told[directory] && r.Trouble != nil {
		r.Trouble(fmt.Errorf("cannot watch directory %q: %v", filepath.Clean(directory), err))
	}
	r.told[directory] = words
}
