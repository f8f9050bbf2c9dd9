package supervisor

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/watch"
)

// An editor may write a file in several steps: a change counts once it has been quiet for a moment, and at the latest
// after a while.
const (
	quiet = 50 * time.Millisecond
	most  = 2 * time.Second
)

// files watches what a person edits and what lbsup installs.
type files struct {
	node    *node
	watcher *watch.Watcher
}

func newFiles(n *node) *files {
	f := &files{node: n, watcher: watch.New()}
	f.watcher.Trouble = func(err error) { n.Log.Warn().Err(err).Msg("cannot watch everything") }
	f.replace(nil)
	return f
}

// replace watches the files that a cluster file names, beside those that are always there.
func (f *files) replace(local *cluster.Local) {
	list := slices.Concat([]string{render.ClusterFile}, installedFiles())
	if local != nil {
		list = slices.Concat(list, local.SecretFiles(), local.CertificateFiles(), local.HAProxy.Files)
	}
	f.watcher.Set(list)
}

func installedFiles() []string {
	return []string{render.HAProxyConfig, render.KeepalivedConfig, filepath.Join(render.GenerationsDir, "current")}
}

func (n *node) watchFiles(ctx context.Context) error {
	changed := make(chan string)
	go watch.Settle(ctx, changed, quiet, most, func(paths []string) { n.changed(ctx, paths) })
	return n.files.watcher.Run(ctx, func(path string) {
		select {
		case changed <- path:
		case <-ctx.Done():
		}
	})
}

// changed tells the loop about input and output separately: an edit of the one is a wish, of the other it is drift. What the
// cluster file leaves to a person is input, wherever it is.
func (n *node) changed(ctx context.Context, paths []string) {
	output, local := false, n.local()
	for _, path := range paths {
		byHand := local != nil && slices.Contains(local.HAProxy.Files, path)
		if !byHand && slices.Contains(installedFiles(), path) {
			output = true
			continue
		}
		n.loop.send(ctx, state.InputChanged{At: n.loop.now(), Path: path})
	}
	if output {
		n.loop.send(ctx, state.OutputChanged{At: n.loop.now()})
	}
}

// drift returns the installed files that somebody else has changed.
func (n *node) drift() []string {
	current, err := n.store.Current()
	if err != nil {
		return nil // nothing was installed, or loading it has told why
	}
	drifted, err := n.store.Drift(current)
	if err != nil {
		n.Log.Warn().Err(err).Msg("cannot look for drift")
	}
	return drifted
}
