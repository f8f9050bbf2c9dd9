package lab

import (
	"context"
	"os"
	"testing"
	"time"
)

// needLab skips a test where no lab can be built; where all tests must run, that is a failure.
func needLab(t *testing.T) {
	t.Helper()
	err := Missing()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// up builds a lab that goes with the test.
func up(t *testing.T, topology Topology) *Lab {
	t.Helper()
	needLab(t)
	l, err := Up(t.Context(), topology, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			evidence(t, l)
		}
		if err := l.Down(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// evidence logs what the hosts of a failed test have to say.
func evidence(t *testing.T, l *Lab) {
	for _, node := range l.Nodes {
		out, err := node.Run(context.Background(), "sh", "-c", "ip -br address; journalctl --no-pager --boot --lines 80 --output short-precise")
		t.Logf("%s: %v\n%s", node.Name, err, out)
	}
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
