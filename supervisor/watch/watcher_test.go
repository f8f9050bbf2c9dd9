package watch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"golang.org/x/sys/unix"
)

// events only: no look without one comes to the help of these tests.
const events = time.Hour

// Each row makes a layout in a directory and then changes it, step by step; each step must be told.
func TestRun(t *testing.T) {
	type step = func(t *testing.T, dir string)
	put := func(name, text string) step {
		return func(t *testing.T, dir string) { write(t, filepath.Join(dir, name), text) }
	}
	rename := func(from, to string) step {
		return func(t *testing.T, dir string) {
			must(t, os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)))
		}
	}
	exchange := func(one, other string) step {
		return func(t *testing.T, dir string) {
			must(t, unix.Renameat2(unix.AT_FDCWD, filepath.Join(dir, one), unix.AT_FDCWD, filepath.Join(dir, other), unix.RENAME_EXCHANGE))
		}
	}
	remove := func(name string) step {
		return func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, name))) }
	}
	tree := func(name string) step {
		return func(t *testing.T, dir string) {
			must(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
			write(t, filepath.Join(dir, name), name)
		}
	}
	link := func(target, name string) step {
		return func(t *testing.T, dir string) { must(t, os.Symlink(target, filepath.Join(dir, name))) }
	}
	all := func(steps ...step) step {
		return func(t *testing.T, dir string) {
			for _, do := range steps {
				do(t, dir)
			}
		}
	}
	for _, test := range []struct {
		name, file string
		layout     step
		steps      []step
	}{
		{"written in place", "f", put("f", "a"), []step{put("f", "b"), put("f", "b")}},
		{"replaced by an editor", "f", put("f", "a"), []step{all(put("f.swp", "b"), rename("f.swp", "f")), all(put("f.swp", "c"), rename("f.swp", "f"))}},
		{"moved away and made anew", "f", put("f", "a"), []step{rename("f", "f~"), put("f", "b"), remove("f"), put("f", "c")}},
		{"its mode", "f", put("f", "a"), []step{func(t *testing.T, dir string) { must(t, os.Chmod(filepath.Join(dir, "f"), 0o640)) }}},
		{"its directory appears later", "x/y/f", all(), []step{tree("x/y/f"), put("x/y/f", "b")}},
		{"its directory is removed and made again", "x/y/f", tree("x/y/f"), []step{remove("x"), tree("x/y/f"), put("x/y/f", "c"), remove("x/y"), tree("x/y/f"), put("x/y/f", "d")}},
		{"its directory is moved away", "x/y/f", tree("x/y/f"), []step{rename("x/y", "x/z"), tree("x/y/f"), put("x/y/f", "b")}},
		{"a directory above is swapped", "x/y/f", all(tree("x/y/f"), tree("z/y/f")), []step{all(rename("x", "w"), rename("z", "x")), put("x/y/f", "b")}},
		{
			"a directory above is exchanged for another", "x/y/f", all(tree("x/y/f"), tree("z/y/f")),
			[]step{all(put("z/y/f", "longer"), exchange("x", "z")), put("x/y/f", "b"), all(put("z/y/f", "longer"), exchange("x", "z")), put("x/y/f", "c")},
		},
		{"removed and made again at once", "x/y/f", tree("x/y/f"), slices.Repeat([]step{all(remove("x/y"), tree("x/y/f")), put("x/y/f", "b")}, 20)},
		{
			"a projected volume", "f", all(tree("..1/f"), tree("..2/f"), link("..1", "..data"), link("..data/f", "f")),
			[]step{all(link("..2", "..tmp"), rename("..tmp", "..data")), all(remove("..1"), put("..2/f", "b"))},
		},
		{"a link to a file elsewhere", "f", all(tree("x/g"), link("x/g", "f")), []step{put("x/g", "b"), all(put("x/t", "c"), rename("x/t", "x/g")), all(remove("f"), put("f", "d"))}},
		{"a link to itself, then mended", "f", link("f", "f"), []step{all(remove("f"), put("f", "b"))}},
		{"a link to nowhere, then somewhere", "f", link("x/g", "f"), []step{tree("x/g"), put("x/g", "b")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			test.layout(t, dir)
			file := filepath.Join(dir, test.file)
			s := start(t, events, file)
			s.ready(file)
			for i, do := range test.steps {
				t.Log("step", i)
				do(t, dir)
				s.wait(file)
			}
			if len(s.odd) > 0 {
				t.Error(s.trouble())
			}
		})
	}
}

func TestRunIsSilentAboutOthers(t *testing.T) {
	dir := t.TempDir()
	file, last := filepath.Join(dir, "f"), filepath.Join(dir, "last")
	write(t, file, "a")
	s := start(t, events, file)
	s.ready(file, last)
	for i := range 200 {
		write(t, filepath.Join(dir, fmt.Sprint("g", i)), "x")
	}
	write(t, last, "x")
	for {
		switch path := <-s.told; path {
		case last:
			return
		case file:
			t.Fatal("a file that nobody touched was told")
		}
	}
}

// What changes between New and Run is not lost.
func TestChangesBeforeRun(t *testing.T) {
	dir := t.TempDir()
	old, fresh := filepath.Join(dir, "old"), filepath.Join(dir, "fresh")
	write(t, old, "a")
	w := New(old, fresh)
	write(t, old, "longer")
	write(t, fresh, "a")
	ctx, cancel := context.WithCancel(t.Context())
	var told []string
	err := w.Run(ctx, func(path string) {
		if told = append(told, path); len(told) == 2 {
			cancel()
		}
	})
	if want := []string{fresh, old}; err != nil || !slices.Equal(told, want) {
		t.Errorf("got %v, %v, want %v", told, err, want)
	}
}

func TestSetWhileRunning(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "a", "one"), filepath.Join(dir, "b", "two")
	must(t, os.Mkdir(filepath.Dir(one), 0o700), os.Mkdir(filepath.Dir(two), 0o700))
	s := start(t, events, one)
	s.ready(one)
	s.ready(two)
	write(t, one, "x")
	write(t, two, "x")
	for path := ""; path != two; {
		if path = <-s.told; path == one {
			t.Fatal("a file was told that is not in the list any more")
		}
	}
	s.ready()
	s.ready(one, two)
	write(t, one, "y")
	s.wait(one)
}

// A directory that cannot be watched is told once, and files in it are found by looking.
func TestDirectoryThatCannotBeWatched(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	must(t, os.Mkdir(dir, 0o700))
	file := filepath.Join(dir, "f")
	write(t, file, "x")
	s := start(t, 5*time.Millisecond, file)
	s.ready(file)
	must(t, os.RemoveAll(dir))
	s.wait(file)
	write(t, dir, "now it is a file") // which has no entries to watch
	must(t, os.Remove(dir), os.Mkdir(dir, 0o700))
	write(t, file, "x")
	s.wait(file)
}

// After an overflow nothing is known, so everything is told.
func TestOverflow(t *testing.T) {
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "a"), filepath.Join(dir, "b")}
	notify, err := fsnotify.NewWatcher()
	must(t, err)
	defer notify.Close()
	r := run{Watcher: New(files...), notify: notify, watched: map[string]look{}, told: map[string]string{}}
	if got := r.survey(nil); got != nil {
		t.Errorf("got %v before anything happened", got)
	}
	if got := r.lost(fmt.Errorf("queue: %w", fsnotify.ErrEventOverflow)); !slices.Equal(got, files) {
		t.Errorf("got %v, want %v", got, files)
	}
	var said error
	r.Trouble = func(err error) { said = err }
	if got := r.lost(errors.New("odd")); got != nil || fmt.Sprint(said) != "cannot watch files: odd" {
		t.Errorf("got %v, %v", got, said)
	}
}

func TestTroubleIsToldOnce(t *testing.T) {
	var told []string
	r := run{Watcher: New(), told: map[string]string{}}
	r.Trouble = func(err error) { told = append(told, err.Error()) }
	for _, err := range []error{errors.New("no"), errors.New("no"), nil, errors.New("no"), errors.New("never")} {
		r.trouble("/d/", err)
	}
	want := `cannot watch directory "/d": no|cannot watch directory "/d": no|cannot watch directory "/d": never`
	if got := strings.Join(told, "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Renames as fast as they go, while others ask for other files: the last state is always told.
func TestStorm(t *testing.T) {
	dir := t.TempDir()
	file, other := filepath.Join(dir, "f"), filepath.Join(dir, "x", "g")
	s := start(t, events, file)
	s.ready(file)
	for i := range 500 {
		temp := filepath.Join(dir, "t")
		write(t, temp, fmt.Sprint(i))
		must(t, os.Rename(temp, file))
		must(t, os.MkdirAll(filepath.Dir(other), 0o700), os.RemoveAll(filepath.Dir(other)))
		s.Set([]string{file, other}[:1+i%2])
	}
	s.ready(file, other)
	write(t, file, "last")
	s.wait(file)
	must(t, os.MkdirAll(filepath.Dir(other), 0o700))
	write(t, other, "last")
	s.wait(other)
}
