package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// journal is what a unit logs from now on.
type journal struct {
	node   *lab.Node
	unit   string
	cursor string
}

func journalOf(t *testing.T, n *lab.Node, unit string) journal {
	t.Helper()
	out := sh(t, n, "journalctl --sync && journalctl --lines 0 --show-cursor --no-pager")
	_, cursor, found := strings.Cut(out, "-- cursor: ")
	if !found {
		t.Fatalf("%s: no cursor in %q", n.Name, out)
	}
	return journal{n, unit, strings.TrimSpace(cursor)}
}

func (j journal) text(t *testing.T) string {
	t.Helper()
	return sh(t, j.node, "journalctl --sync && journalctl --no-pager --output cat --unit "+j.unit+" --after-cursor '"+j.cursor+"'")
}

// lacks fails the test when one of the words was logged.
func (j journal) lacks(t *testing.T, words ...string) {
	t.Helper()
	for line := range strings.Lines(j.text(t)) {
		for _, word := range words {
			if strings.Contains(strings.ToLower(line), word) {
				t.Errorf("%s: %s says: %s", j.node.Name, j.unit, line)
			}
		}
	}
}

// has waits until words were logged.
func (j journal) has(t *testing.T, words string) {
	t.Helper()
	eventually(t, j.node.Name+": "+j.unit+" logs "+words, func() bool { return strings.Contains(j.text(t), words) })
}
