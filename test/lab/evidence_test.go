package lab

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ending is a test that has come to its end.
type ending struct {
	failed bool
	log    []string
}

func (e *ending) Failed() bool { return e.failed }

func (e *ending) Logf(format string, args ...any) {
	e.log = append(e.log, fmt.Sprintf(format, args...))
}

func TestEvidenceOfAGoodTest(t *testing.T) {
	good := &ending{}
	(&Lab{Nodes: []*Node{{Name: "one"}}}).Evidence(good)
	if len(good.log) != 0 {
		t.Errorf("got %q", good.log)
	}
}

// testifies has the running hosts speak for a test that failed.
func testifies(t *testing.T, l *Lab) {
	t.Helper()
	run(t, l.Nodes[0], "sh", "-c", "echo the disk is on fire | systemd-cat --identifier smoke --priority err; echo a word by the way | systemd-cat --identifier smoke; journalctl --sync")
	bad := &ending{failed: true}
	l.Evidence(bad, "echo one thing more")
	if len(bad.log) != len(l.Nodes)+1 {
		t.Fatalf("got %q", bad.log)
	}
	short := bad.log[0]
	if !strings.HasPrefix(short, l.Nodes[0].Name+" says:\n") || !strings.Contains(short, "smoke[") || strings.Contains(short, "a word by the way") {
		t.Errorf("got %s", short)
	}
	if lines := strings.Count(short, "\n"); lines > 60 {
		t.Errorf("got %d lines:\n%s", lines, short)
	}
	path := regexp.MustCompile(`/\S+$`).FindString(bad.log[len(bad.log)-1])
	t.Cleanup(func() { _ = os.Remove(path) })
	long, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"==== " + l.Nodes[1].Name, "the disk is on fire", "a word by the way", "one thing more"} {
		if !strings.Contains(string(long), want) {
			t.Errorf("there is no %q in %s", want, long)
		}
	}
}

func TestCutLines(t *testing.T) {
	got := cutLines("short\nä long line\n\nlast", 6)
	if diff := cmp.Diff("short\nä long…\n\nlast\n", got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
