package reload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
	labpair "github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// put saves a host's cluster file as an editor does. It goes through /proc and not through a command, which would take longer than what is measured.
func (h *hosts) put(node *lab.Node, text string) error {
	path := fmt.Sprintf("/proc/%d/root%s", node.PID(1), labpair.ClusterFile)
	fresh := filepath.Join(filepath.Dir(path), ".bench.yaml")
	err := os.WriteFile(fresh, []byte(text), 0o640)
	if err == nil {
		err = os.Chown(fresh, 0, h.group)
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return fmt.Errorf("cannot save the cluster file of %q: %v", node.Name, err)
	}
	return nil
}

// reload has lbsup make the saved file live, or wait until it is.
func (h *hosts) reload(ctx context.Context) error {
	_, err := h.node.Run(ctx, "lbsup", "reload")
	return err
}

// settling is longer than lbsup waits after an edit for another one.
const settling = 400 * time.Millisecond

// quiet waits until lbsup has nothing to do: what is saved while it looks at an earlier edit would be seen too early, or too late.
func (h *hosts) quiet(ctx context.Context) error {
	if !pause(ctx, settling) {
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	return labpair.Await(ctx, func(ctx context.Context) error {
		now, err := h.change(ctx)
		if err == nil && now.Outcome == "" {
			err = fmt.Errorf("lbsup is %s", now.Phase)
		}
		return err
	})
}

// workers are the processes of HAProxy, its master too. Each reload makes a new one.
func (h *hosts) workers(ctx context.Context) ([]string, error) {
	out, err := h.node.Run(ctx, "pidof", "haproxy")
	return slices.Sorted(strings.FieldsSeq(out)), err
}

// change is the change that lbsup has made last, or makes.
func (h *hosts) change(ctx context.Context) (status.Change, error) {
	snapshot, err := labpair.Status(ctx, h.node)
	if err != nil || snapshot.Change == nil {
		return status.Change{}, errors.Join(err, errors.New("lbsup tells of no change"))
	}
	return *snapshot.Change, nil
}
