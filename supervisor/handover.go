package supervisor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// handover is the file that HAProxy reads when it starts, see server-state-file in its manual. tmpfiles makes it: lbsup may
// write the file and not its directory.
type handover struct {
	path string

	mu   sync.Mutex
	ours bool // guarded by mu: what it says is of this lbsup
}

// write replaces what the file says; nil is a file that says nothing.
func (h *handover) write(text []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.put(text)
}

func (h *handover) put(text []byte) error {
	h.ours = true
	if text == nil {
		text = haproxy.StateFile(nil, nil)
	}
	if err := os.WriteFile(h.path, text, 0o644); err != nil {
		return fmt.Errorf("cannot write the state of the servers: %w", err)
	}
	return nil
}

// taken empties the file after a reload. A lbsup that ends during one leaves that to the next: the new worker may have yet to read it.
func (h *handover) taken(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return nil
	}
	return h.write(nil)
}

// inherited empties what a lbsup before has left.
func (h *handover) inherited() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ours {
		return nil
	}
	return h.put(nil)
}

// inherit empties the file once, as soon as nobody needs it: a lbsup that ended during a reload has left it filled, and a HAProxy that crashes weeks later
// would take over what was true of its servers then.
func (n *node) inherit(ctx context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for !idle(n.loop.State()) {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
	if err := n.handedOver.inherited(); err != nil {
		n.Log.Warn().Err(err).Msg("a HAProxy that starts may take over what was true of its servers once")
	}
	return nil
}

// idle tells that HAProxy runs what is installed, and that no reload is under way or known to come.
func idle(s state.State) bool {
	changing := s.Unproven.Installed != 0 || s.Job != nil && s.Job.Phase != state.Confirming
	return !changing && s.Worker.Digest != "" && s.Worker.Digest == s.Installed.HAProxy
}

// handOver writes down what a new worker cannot know by itself.
func (n *node) handOver(ctx context.Context, a state.Activate) error {
	if a.Is == nil || len(a.Is.Services) == 0 {
		return nil // hand-written configuration reads no such file, or another one
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	rows, err := n.runtime.States(ctx)
	if a.Was == nil && errors.Is(err, fs.ErrNotExist) {
		return nil // a HAProxy from before lbsup: it was told nothing that could be lost
	}
	if err != nil {
		return err
	}
	was := a.Was
	if was == nil {
		was = n.behind(ctx)
	}
	if err := n.handedOver.write(haproxy.StateFile(rows, haproxy.Stayed(was, a.Is))); err != nil {
		return err
	}
	if lost := haproxy.Decided(rows, a.Is); was == nil && len(lost) > 0 {
		return fmt.Errorf("nobody knows what the worker before it ran; one of %d is %s", len(lost), lost[0])
	}
	return nil
}

// behind is the cluster that HAProxy runs, by its worker's own word and from the store: what was installed before this lbsup began, the state does not
// know. It is nil where nobody knows.
func (n *node) behind(ctx context.Context) *cluster.Local {
	info, err := n.runtime.Info(ctx)
	if err != nil || digest(info) == "" {
		return nil
	}
	all, _ := n.store.List() // one that cannot be read is told of elsewhere
	for _, m := range slices.Backward(all) {
		if m.Digest() != digest(info) {
			continue
		}
		var is state.Installed
		source, err := n.store.Cluster(m.Number)
		if err == nil && n.understand(&is, source, m.Node) == nil {
			return is.Local
		}
	}
	return nil
}
