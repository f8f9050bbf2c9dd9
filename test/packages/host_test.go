package packages

import (
	"context"
	"encoding/json"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

var vip = netip.MustParseAddr("172.18.100.100")

const api = "http://172.18.100.100:6443/"

// up boots a pair of hosts with the daemons and nothing of lbsup.
func up(t *testing.T) *lab.Lab {
	t.Helper()
	need.NoError(t, lab.Missing())
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		l.Evidence(t)
		if err := l.Down(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// sh runs a shell command on the host and returns what it printed, trimmed; the test fails if the command does.
func sh(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func write(t *testing.T, n *lab.Node, path, text string, mode os.FileMode) {
	t.Helper()
	if err := n.Write(t.Context(), path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func holds(t *testing.T, n *lab.Node) bool {
	t.Helper()
	held, err := n.Holds(vip)
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// configure is what the package tells the admin to do.
func configure(t *testing.T, n *lab.Node, start string) {
	t.Helper()
	cluster, err := os.ReadFile("../clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, n, "/etc/lbsup/stats.password", "nobody-looks-here\n", 0o600)
	write(t, n, "/etc/lbsup/lbsup.yaml", string(cluster)+"\nstatus: {listen: \"127.0.0.1:9105\"}\n", 0o640)
	sh(t, n, "chgrp lbsup /etc/lbsup/lbsup.yaml && lbsup validate && "+start)
}

// well waits until the supervisor of this version says that all is.
func well(t *testing.T, n *lab.Node, version string) {
	t.Helper()
	var last string
	defer func() {
		if t.Failed() {
			t.Log(last)
		}
	}()
	eventually(t, n.Name+" is well with version "+version, func() bool {
		last, _ = n.Run(t.Context(), "lbsup", "status", "--json")
		var s struct {
			Version string
			Well    bool
		}
		return json.Unmarshal([]byte(last), &s) == nil && s.Well && s.Version == version
	})
}

// settled waits until keepalived has the priority that lbsup wants: a check that was new rises first.
func settled(t *testing.T, n *lab.Node, priority string) {
	t.Helper()
	const last = "journalctl --unit keepalived.service --output cat --no-pager | grep 'effective priority' | tail -n 1"
	eventually(t, n.Name+" has priority "+priority, func() bool { return strings.HasSuffix(sh(t, n, last), "to "+priority) })
}

// raw is sh with all that was printed.
func raw(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
