package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// whole waits until a node is whole, and returns the generation that is installed.
func (n *host) whole(t *testing.T) apply.Manifest {
	t.Helper()
	var current apply.Manifest
	eventually(t, func() (err error) {
		if current, err = n.store().Current(); err != nil {
			return err
		}
		if err := errors.Join(n.installed(current), n.runs(t.Context(), current)); err != nil {
			return fmt.Errorf("%s is not whole: %w", n.Name, err)
		}
		return nil
	})
	return current
}

// installed complains unless the files on the disk are those of the generation, to the last byte, and no change of them is under way.
func (n *host) installed(m apply.Manifest) error {
	var journal struct{ To int }
	if text, err := os.ReadFile(n.root + render.StateDir + "/journal.json"); err == nil && (json.Unmarshal(text, &journal) != nil || journal.To != m.Number) {
		return fmt.Errorf("the change to generation %d is half done", journal.To) // one that is done may have left its journal: the next apply tidies up
	}
	for _, f := range m.Files {
		here, err := os.ReadFile(n.root + f.Path)
		if err != nil {
			return err
		}
		kept, err := os.ReadFile(filepath.Join(n.store().Dir, fmt.Sprint(m.Number), f.Name))
		if err != nil {
			return err
		}
		if !bytes.Equal(here, kept) {
			return fmt.Errorf("%s is not that of generation %d", f.Path, m.Number)
		}
	}
	return nil
}

// clean fails the test when something lies about that belongs to a change under way.
func (n *host) clean(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"/etc/haproxy/.haproxy*", "/etc/keepalived/.keepalived*", "/var/lib/lbsup/*.new", "/var/lib/lbsup/generations/*.*"} {
		if found, _ := filepath.Glob(n.root + pattern); len(found) > 0 { // the patterns are constants and good
			t.Errorf("left behind: %s", strings.ReplaceAll(strings.Join(found, " "), n.root, ""))
		}
	}
}

// runs complains unless HAProxy's worker runs the generation and lbsup says the same of everything.
func (n *host) runs(ctx context.Context, m apply.Manifest) error {
	info, err := n.runtime().Info(ctx)
	if err != nil {
		return err
	}
	if got := digest(info); got != m.Digest() {
		return fmt.Errorf("the worker runs %q and not %q, which is generation %d", got, m.Digest(), m.Number)
	}
	said, err := pair.Status(ctx, n.Node)
	switch {
	case err != nil:
		return err
	case said.Generation.Number != m.Number, said.Generation.Digest != m.Digest():
		return fmt.Errorf("status says generation %d, and %d is installed", said.Generation.Number, m.Number)
	case len(said.Generation.Drift) > 0:
		return fmt.Errorf("status says that somebody changed %v", said.Generation.Drift)
	case said.HAProxy.Worker != info.PID, said.HAProxy.Digest != m.Digest():
		return fmt.Errorf("status says worker %d with %q, and it is %d", said.HAProxy.Worker, said.HAProxy.Digest, info.PID)
	case said.Change != nil && said.Change.Outcome == "":
		return errors.New("status says that a change is under way")
	}
	return nil
}

func digest(info haproxy.Info) string {
	if info.Mark != "" {
		return info.Mark
	}
	return strings.TrimPrefix(strings.Trim(info.Description, `"`), "lbsup ")
}

// calm is a moment after which nothing may happen to the VIP and the client.
type calm struct {
	house *house
	since time.Time
	moves int
}

func (h *house) calm() calm { return calm{h, time.Now(), len(h.moves.Moves())} }

// kept fails the test when the VIP has moved or a request was not answered.
func (c calm) kept(t *testing.T) {
	t.Helper()
	c.stayed(t)
	if report := c.house.probe.Report().Since(c.since); report.Failed > 0 {
		t.Errorf("the client met: %v", report)
	}
}

// stayed fails the test when the VIP has moved.
func (c calm) stayed(t *testing.T) {
	t.Helper()
	for _, move := range c.house.moves.Moves()[c.moves:] {
		if move.Here != (move.Node == c.house.First.Name) { // a reload of keepalived may have the kernel say again what is so
			t.Errorf("the VIP moved: %+v", move)
		}
	}
}

// serves says whether HAProxy's configuration on the disk has these words in it.
func (n *host) serves(t *testing.T, words string) bool {
	t.Helper()
	text, err := os.ReadFile(n.root + render.HAProxyConfig)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(text, []byte(words))
}
