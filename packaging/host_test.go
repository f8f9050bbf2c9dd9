package packaging_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// host boots one host and installs the package on it, with a stand-in for both programs.
func host(t *testing.T) *lab.Node {
	t.Helper()
	need.NoError(t, lab.Missing())
	topology := lab.Web()
	topology.Nodes = topology.Nodes[:1]
	l, err := lab.Up(t.Context(), topology, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	node := l.Nodes[0]
	t.Cleanup(func() {
		l.Evidence(t)
		if err := l.Down(); err != nil {
			t.Error(err)
		}
	})
	if err := node.Install(t.Context(), standin(t)); err != nil {
		t.Fatal(err)
	}
	return node
}

func standin(t *testing.T) lab.Package {
	t.Helper()
	dir := t.TempDir()
	for _, program := range []string{"lbsup", "lbsup-check"} {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, program), "./testdata/standin")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	pkg, err := lab.Make(t.Context(), "..", t.TempDir(), "BUILD="+dir)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
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

// fails runs a shell command that must fail, and returns its error.
func fails(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", command)
	if err == nil {
		t.Fatalf("%q succeeded: %s", command, out)
	}
	return err.Error()
}

func write(t *testing.T, n *lab.Node, path, text string) {
	t.Helper()
	if err := n.Write(t.Context(), path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
