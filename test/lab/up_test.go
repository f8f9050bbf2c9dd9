package lab

import (
	"context"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/need"
)

// up builds a lab that goes with the test.
func up(t *testing.T, topology Topology) *Lab {
	t.Helper()
	need.NoError(t, Missing())
	l, err := Up(t.Context(), topology, t.Output())
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

// run runs a command on a host, and fails the test if the command does.
func run(t *testing.T, n *Node, argv ...string) string {
	t.Helper()
	out, err := n.Run(t.Context(), argv...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func write(t *testing.T, n *Node, path, text string) {
	t.Helper()
	if err := n.Write(t.Context(), path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// eventually polls until ok, and fails the test when that takes far longer than it may on a busy machine.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
