package pair

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// patience is far longer than anything here takes on an idle machine, and long enough for a busy one.
const patience = time.Minute

// eventually polls until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !ok() {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

// sh runs a shell command on a node and returns what it printed, trimmed; the test fails if the command does.
func sh(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, code := try(t, n, command)
	if code != 0 {
		t.Fatalf("%s: %q ended with %d: %s", n.Name, command, code, out)
	}
	return out
}

// try runs a shell command that may fail, and returns all that it printed, trimmed, and its exit code.
func try(t *testing.T, n *lab.Node, command string) (out string, code int) {
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

func write(t *testing.T, n *lab.Node, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := n.Write(context.WithoutCancel(t.Context()), path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// says waits until `lbsup status` on a node is as wanted, and returns it.
func (p *pair) says(t *testing.T, n *lab.Node, what string, ok func(said string, code int) bool) string {
	t.Helper()
	said, code := "", 0
	defer func() {
		if t.Failed() {
			t.Logf("%s: lbsup status ended with %d:\n%s", n.Name, code, said)
		}
	}()
	eventually(t, n.Name+" says "+what, func() bool {
		said, code = try(t, n, "lbsup status")
		return ok(said, code)
	})
	return said
}

// told waits until `lbsup status` on a node contains the words.
func (p *pair) told(t *testing.T, n *lab.Node, words string) {
	t.Helper()
	p.says(t, n, words, func(said string, _ int) bool { return strings.Contains(said, words) })
}
