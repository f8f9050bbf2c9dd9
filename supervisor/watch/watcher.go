package watch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watcher tells when one of some files may have changed. A file need not exist, nor its directory.
type Watcher struct {
	Trouble func(error)   // told of a directory that cannot be watched; may be nil. Set it before Run
	Every   time.Duration // how often files are looked at without any event: what finds changes in such a directory

	mu    sync.Mutex
	seen  map[string]look // guarded by mu: the files, each as it was when last looked at
	again chan struct{}
}

// New returns a Watcher of files, by their absolute paths. What changes from now on is told once Run runs.
func New(files ...string) *Watcher {
	w := &Watcher{Every: 10 * time.Second, again: make(chan struct{}, 1)}
	w.Set(files)
	return w
}

// Set replaces the list of files, also while Run runs. A file that is new to the list is taken to be known as it is now.
func (w *Watcher) Set(files []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := map[string]look{}
	for _, path := range files {
		before, known := w.seen[path]
		if !known {
			before = glance(path)
		}
		seen[path] = before
	}
	w.seen = seen
	select {
	case w.again <- struct{}{}:
	default:
	}
}

// Run calls emit with the path of each file that may have changed, until ctx ends, which is no error.
//
// It watches directories and never files: an editor puts another file in the place of the old one, and a watch of that would
// stay with the old one. Every directory on the way to a file is watched, so that one that appears, goes, comes back or is
// swapped through a symbolic link needs no rule of its own.
func (w *Watcher) Run(ctx context.Context, emit func(path string)) error {
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("cannot watch files: %v", err)
	}
	defer notify.Close()
	r := run{Watcher: w, notify: notify, watched: map[string]look{}, told: map[string]string{}}
	ticker := time.NewTicker(w.Every)
	defer ticker.Stop()
	for {
		var changed []string
		select {
		case <-ctx.Done():
			return nil
		case <-w.again:
			changed = r.survey(nil)
		case <-ticker.C:
			changed = r.survey(nil)
		case event := <-notify.Events:
			changed = r.event(event)
		case err := <-notify.Errors:
			changed = r.lost(err)
		}
		for _, path := range changed {
			emit(path)
		}
	}
}
