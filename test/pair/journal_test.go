package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// journal is what a unit logs from now on. It counts lines instead of using a cursor: with --unit, --after-cursor of systemd 252 also skips the
// first entry that it should show.
type journal struct {
	node *lab.Node
	unit string
	old  int // lines
}

func journalOf(t *testing.T, n *lab.Node, unit string) journal {
	t.Helper()
	j := journal{node: n, unit: unit}
	j.old = len(j.lines(t))
	return j
}

func (j journal) lines(t *testing.T) []string {
	t.Helper()
	return strings.Split(sh(t, j.node, "journalctl --sync && journalctl --no-pager --output cat --unit "+j.unit), "\n")[j.old:]
}

// lacks fails the test when one of the words was logged.
func (j journal) lacks(t *testing.T, words ...string) {
	t.Helper()
	for _, line := range j.lines(t) {
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
	eventually(t, j.node.Name+": "+j.unit+" logs "+words, func() bool { return strings.Contains(strings.Join(j.lines(t), "\n"), words) })
}
