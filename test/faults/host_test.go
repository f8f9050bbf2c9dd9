package faults

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/test/lab"
)

// host is one node, of which the test sees the files and sockets from outside.
type host struct {
	*lab.Node
	house   *house
	root    string
	edition int // the last that was saved
	weight  int
}

func newHost(h *house, n *lab.Node) *host {
	host := &host{Node: n, house: h}
	host.find()
	return host
}

// find is where the files of the node are, which each boot changes.
func (n *host) find() { n.root = fmt.Sprintf("/proc/%d/root", n.PID(1)) }

func (n *host) store() apply.Store { return apply.Store{Dir: n.root + render.GenerationsDir} }

func (n *host) runtime() haproxy.Runtime { return haproxy.Runtime{Socket: n.root + render.StatsSocket} }

// sh runs a shell command and returns what it printed, trimmed; the test fails if the command does.
func (n *host) sh(t *testing.T, command string) string {
	t.Helper()
	out, code := n.try(t, command)
	if code != 0 {
		t.Fatalf("%s: %q ended with %d: %s", n.Name, command, code, out)
	}
	return out
}

// try runs a shell command that may fail, and returns all that it printed, trimmed, and its exit code.
func (n *host) try(t *testing.T, command string) (out string, code int) {
	t.Helper()
	out, err := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", "exec 2>&1; "+command) // a test's cleanup mends with it too
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	if ended != nil {
		code = ended.ExitCode()
	}
	return strings.TrimSpace(out), code
}

// save writes the cluster file by rename, with its owner and mode.
func (n *host) save(t *testing.T, text string) {
	t.Helper()
	const draft = "/etc/lbsup/.draft"
	if err := n.Write(context.WithoutCancel(t.Context()), draft, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	n.sh(t, "chgrp lbsup "+draft+" && mv "+draft+" "+render.ClusterFile)
}

// edit saves the next edition, and returns its mark.
func (n *host) edit(t *testing.T) string {
	t.Helper()
	n.edition++
	n.save(t, n.house.edition(n.edition))
	return mark(n.edition)
}

// eventually polls until there is no complaint.
func eventually(t *testing.T, complaint func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		err := complaint()
		if err == nil {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %v", err)
		}
	}
}
