package supervisor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/state"
)

// load reads what is installed from the store of generations: not from the cluster file, which may be half edited.
func (n *node) load() (state.Loaded, error) {
	edited, err := os.ReadFile(n.clusterFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		n.Log.Warn().Err(unreadable(n.clusterFile, err)).Msg("what is installed is supervised all the same")
	}
	current, err := n.store.Current()
	untried := len(edited) > 0 && n.untried(edited)
	if errors.Is(err, fs.ErrNotExist) {
		return state.Loaded{Edited: len(edited) > 0, Untried: untried}, nil
	}
	if err != nil {
		return state.Loaded{}, err
	}
	loaded := state.Loaded{Untried: untried, Installed: state.Installed{Number: current.Number, At: current.Created, HAProxy: current.Digest()}}
	loaded.Installed.Keepalived = cameWith(current)
	loaded.Installed.Keepalived.First = n.first()
	if last, ok := n.records.Change(current.Number); ok {
		loaded.Last = &last
	}
	source, err := n.store.Cluster(current.Number)
	loaded.Installed.Previous = n.previous(current, source)
	if errors.Is(err, fs.ErrNotExist) {
		loaded.Edited = len(edited) > 0
		return loaded, nil // what was found on the disk before lbsup came
	}
	if err != nil {
		return state.Loaded{}, err
	}
	loaded.Edited = len(edited) > 0 && !bytes.Equal(source, edited)
	loaded.Installed.Source = sourceDigest(source)
	if err := n.understand(&loaded.Installed, source, current.Node); err != nil {
		return state.Loaded{}, err
	}
	s := n.loop.State()
	loaded.Compared = compared(s, loaded.Installed, stopped(context.Background(), n.runtime, s.Known.Local))
	return loaded, nil
}

// compared works out here, and not in the owner loop, what is between the cluster that HAProxy runs and what is installed.
func compared(s state.State, i state.Installed, stopped []string) state.Compared {
	build, err := haproxy.ParseBuild("HAProxy version " + s.Worker.Version)
	if err != nil || s.Known.Local == nil || s.Known.Digest == i.HAProxy {
		return state.Compared{}
	}
	return state.Compared{From: s.Known.Digest, Version: s.Worker.Version, Plan: haproxy.Difference(s.Known.Local, i.Local, build, stopped...)}
}

// untried tells whether the cluster file, or a file that it names, is another one than was applied last, whatever became of that.
func (n *node) untried(edited []byte) bool {
	all, _ := n.store.List() // one that cannot be read is told of elsewhere
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; m.Origin == apply.OriginClusterFile {
			source, _ := n.store.Cluster(m.Number)
			return !bytes.Equal(edited, source) || len(m.Rewritten()) > 0
		}
	}
	return true
}

// unreadable names what usually stands between lbsup and its cluster file.
func unreadable(file string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("cannot read the cluster file: permission denied: lbsup runs as user lbsup (chgrp lbsup %s; chmod 0640 %s)", file, file)
	}
	return fmt.Errorf("cannot read the cluster file: %w", err)
}

func (n *node) understand(i *state.Installed, source []byte, name string) error {
	c, problems := cluster.Parse(render.ClusterFile, source)
	if len(problems) > 0 {
		return fmt.Errorf("cannot understand generation %d: %w", i.Number, problems)
	}
	local, err := c.Local(name)
	if err != nil {
		return fmt.Errorf("cannot understand generation %d: %w", i.Number, err)
	}
	i.Local, i.Plan = local, keepalived.NewPlan(c)
	return nil
}

// cameWith tells which generation keepalived.conf came with, unless it was there before lbsup.
func cameWith(m apply.Manifest) state.Origin {
	for _, f := range m.Files {
		if f.Path == render.KeepalivedConfig && f.State == apply.FileInstalled && m.Origin != apply.OriginFound {
			return state.Origin{Generation: f.Since, At: f.Came}
		}
	}
	return state.Origin{}
}

// first tells when lbsup first put its keepalived.conf in the place of one that was there before, as far as generations are kept.
func (n *node) first() (at time.Time) {
	all, _ := n.store.List() // one that cannot be read is told of elsewhere
	over := false
	for _, m := range all {
		if m.Outcome != apply.Committed {
			continue
		}
		over = over || m.Origin == apply.OriginFound && slices.ContainsFunc(m.Files, func(f apply.File) bool {
			return f.Path == render.KeepalivedConfig && f.State == apply.FileInstalled
		})
		if came := cameWith(m).At; at.IsZero() || !came.IsZero() && came.Before(at) {
			at = came
		}
	}
	if !over {
		return time.Time{}
	}
	return at
}

// previous returns the last generation before the current one that differs from it, 0 if there is none: going back to
// one that says the same would do nothing.
func (n *node) previous(current apply.Manifest, source []byte) int {
	all, err := n.store.List()
	if err != nil {
		n.Log.Warn().Err(err).Msg("some generations cannot be read")
	}
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		if m.Number >= current.Number || m.Outcome != apply.Committed {
			continue
		}
		was, _ := n.store.Cluster(m.Number) // what was found on the disk has none
		if !sameFiles(m, current) || !bytes.Equal(was, source) {
			return m.Number
		}
	}
	return 0
}

func sameFiles(a, b apply.Manifest) bool {
	since := func(m apply.Manifest) map[string]int {
		all := map[string]int{}
		for _, f := range m.Files {
			all[f.Path] = f.Since
		}
		return all
	}
	return maps.Equal(since(a), since(b)) && slices.Equal(a.Supplies, b.Supplies) // a supply too says since when it is what it is
}
