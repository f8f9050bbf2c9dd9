package apply

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// bench is a directory with one target in some state, for the journal alone.
type bench struct {
	*host
	move move
}

func newBench(t *testing.T, existed, removes bool) bench {
	h := newHost(t)
	must(t, os.MkdirAll(h.generationsDir(), 0o755))
	m := move{Target: h.path("etc/f"), Backup: h.path("etc/.f.old"), Staged: h.path("etc/.f.new"), Existed: existed}
	if existed {
		h.writes("etc/f", "old")
	}
	if removes {
		m.Staged = ""
	} else {
		h.writes("etc/.f.new", "new")
	}
	return bench{h, m}
}

func (b bench) state() string {
	return strings.Join([]string{b.reads("etc/f"), b.reads("etc/.f.old"), b.reads("etc/.f.new")}, " ")
}

func TestCarryAndUndo(t *testing.T) {
	rows := []struct {
		name                   string
		existed, removes       bool
		carried, undone, ended string // target, backup, staged
	}{
		{"replace", true, false, "new old (absent)", "old (absent) (absent)", "new (absent) (absent)"},
		{"create", false, false, "new (absent) (absent)", "(absent) (absent) (absent)", "new (absent) (absent)"},
		{"remove", true, true, "(absent) old (absent)", "old (absent) (absent)", "(absent) (absent) (absent)"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			for _, finish := range []bool{false, true} {
				b := newBench(t, row.existed, row.removes)
				j := journal{From: 1, To: 2, Moves: []move{b.move}}
				must(t, b.writeJournal(j))
				must(t, b.carry(j.Moves))
				if got := b.state(); got != row.carried {
					t.Errorf("carried: got %s, want %s", got, row.carried)
				}
				want, end := row.undone, b.undo
				if finish {
					want, end = row.ended, b.finish
				}
				for range 2 { // it may be interrupted after its last step, and done again
					must(t, end(j))
					if got := b.state(); got != want {
						t.Errorf("finish %v: got %s, want %s", finish, got, want)
					}
				}
				if _, there, err := b.readJournal(); there || err != nil {
					t.Errorf("the journal is still there: %v", err)
				}
			}
		})
	}
}

// An undo keeps the file itself, not only its content: the generation that installed it still recognises it.
func TestUndoKeepsTheIdentity(t *testing.T) {
	b := newBench(t, true, false)
	info, err := os.Lstat(b.move.Target)
	must(t, err)
	f := File{}
	f.identify(info)
	j := journal{To: 2, Moves: []move{b.move}}
	must(t, b.carry(j.Moves))
	must(t, b.undo(j))
	info, err = os.Lstat(b.move.Target)
	must(t, err)
	if !f.unchanged(info) {
		t.Error("the undone file is another one")
	}
}

// Between the link and the rename, target and backup are one file; rename(2) then does nothing at all.
func TestUndoBetweenLinkAndRename(t *testing.T) {
	b := newBench(t, true, false)
	must(t, os.Link(b.move.Target, b.move.Backup))
	must(t, b.undo(journal{To: 2, Moves: []move{b.move}}))
	if got := b.state(); got != "old (absent) new" {
		t.Errorf("got %s", got)
	}
}

func TestUndoRemovesTheGeneration(t *testing.T) {
	for _, suffix := range []string{"", freshSuffix} {
		b := newBench(t, true, false)
		b.writes("var/lbsup/generations/2"+suffix+"/manifest.json", "{}")
		b.writes("var/lbsup/generations/1/manifest.json", "{}")
		must(t, b.undo(journal{From: 1, To: 2}))
		names, err := b.Disk.List(b.generationsDir())
		if diff := cmp.Diff([]string{"1"}, names); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
	}
}

func TestFailuresOfTheJournal(t *testing.T) {
	b := newBench(t, true, false)
	must(t, os.Remove(b.move.Staged))
	if err := b.carry([]move{b.move}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the staged file is gone: got %v", err)
	}
	must(t, os.Remove(b.move.Backup))
	must(t, os.Mkdir(b.move.Backup, 0o755))
	if err := b.undo(journal{To: 2, Moves: []move{b.move}}); err == nil || !strings.HasPrefix(err.Error(), "cannot put ") {
		t.Errorf("a backup that is a directory: got %v", err)
	}
	if got := b.reads("etc/f"); got != "old" {
		t.Errorf("the target is %q", got)
	}
}

func TestNextNumber(t *testing.T) {
	h := newHost(t)
	must(t, os.MkdirAll(h.generationsDir(), 0o755))
	steps := []struct {
		make string
		want int
	}{{"", 1}, {"1", 2}, {"7", 8}, {"9.new", 8}, {"10.old", 8}, {"x", 8}, {"011", 8}, {"current -> 20", 21}}
	for _, s := range steps {
		if name, link := strings.CutPrefix(s.make, "current -> "); link {
			must(t, os.Symlink(name, filepath.Join(h.generationsDir(), currentName)))
		} else if s.make != "" {
			must(t, os.Mkdir(filepath.Join(h.generationsDir(), s.make), 0o755))
		}
		if n, err := h.next(); err != nil || n != s.want {
			t.Errorf("after %q: got %d %v, want %d", s.make, n, err, s.want)
		}
	}
}

func TestPoint(t *testing.T) {
	h := newHost(t)
	must(t, os.MkdirAll(h.generationsDir(), 0o755))
	if n, err := h.pointsAt(); n != 0 || err != nil {
		t.Errorf("got %d %v", n, err)
	}
	for n := 1; n < 4; n++ {
		must(t, os.Symlink("99", filepath.Join(h.generationsDir(), currentName+freshSuffix))) // a leftover
		must(t, h.point(n))
		got, err := os.Readlink(filepath.Join(h.generationsDir(), currentName))
		if err != nil || got != strconv.Itoa(n) {
			t.Errorf("got %q %v, want %d", got, err, n)
		}
	}
	h.clean()
}
