package keepalived

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// heard is what a FIFO's reader tells, in the order in which it does.
type heard struct {
	t    *testing.T
	path string
	said chan string
	stop func() error
}

func listen(t *testing.T) *heard {
	t.Helper()
	h := &heard{t: t, path: filepath.Join(t.TempDir(), "fifo"), said: make(chan string, 1000)}
	h.make()
	h.run()
	return h
}

func (h *heard) make() {
	h.t.Helper()
	if err := syscall.Mkfifo(h.path, 0o600); err != nil {
		h.t.Fatal(err)
	}
}

func (h *heard) run() {
	ctx, cancel := context.WithCancel(h.t.Context())
	done := make(chan error, 1)
	fifo := FIFO{Path: h.path, Trouble: func(err error) { h.said <- err.Error() }}
	go func() {
		done <- fifo.Run(ctx, func(n Transition) {
			if n.At.IsZero() {
				h.t.Error("a transition without a time")
			}
			h.said <- n.Name + " " + n.State
		})
	}()
	h.stop = func() error { cancel(); return <-done }
	h.t.Cleanup(func() { cancel() })
}

func (h *heard) write(pieces ...string) {
	h.t.Helper()
	file, err := os.OpenFile(h.path, os.O_WRONLY, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	defer file.Close()
	for _, piece := range pieces {
		if _, err := file.WriteString(piece); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *heard) want(lines ...string) {
	h.t.Helper()
	for _, line := range lines {
		select {
		case got := <-h.said:
			if got != line {
				h.t.Fatalf("got %q, want %q", got, line)
			}
		case <-time.After(15 * time.Second):
			h.t.Fatalf("nothing was heard, want %q", line)
		}
	}
}

func TestFIFO(t *testing.T) {
	h := listen(t)
	h.write("INSTANCE \"a\" MASTER 1\n")
	h.want("a MASTER")
	h.write("INSTANCE \"a\" BACK", "UP 1\nGROUP \"g\"", " FAULT 2\n") // a writer that came after the first one had gone
	h.want("a BACKUP", "g FAULT")
	h.write("nonsense\n", strings.Repeat("y", 5000), "\nINSTANCE \"a\" STOP 1\n")
	h.want(`cannot read keepalived's line "nonsense": it starts with neither INSTANCE nor GROUP`, errLongLine.Error(), "a STOP")
	if err := h.stop(); err != nil {
		t.Errorf("Run ended with %v", err)
	}
}

func TestFIFOThatIsNone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("INSTANCE \"a\" MASTER 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, want string }{
		{filepath.Join(dir, "none"), `cannot read keepalived's FIFO "PATH": no such file or directory`},
		{file, `cannot read keepalived's FIFO "PATH": it is no FIFO`},
		{link, `cannot read keepalived's FIFO "PATH": it is no FIFO`},
		{dir, `cannot read keepalived's FIFO "PATH": it is no FIFO`},
	} {
		err := FIFO{Path: test.path}.Run(t.Context(), func(Transition) { t.Error("something was heard") })
		if err == nil || strings.Replace(err.Error(), test.path, "PATH", 1) != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

// A FIFO at the path that is not the open one is what writers use: the reader must find it.
func TestSame(t *testing.T) {
	f := FIFO{Path: filepath.Join(t.TempDir(), "fifo")}
	h := &heard{t: t, path: f.Path}
	h.make()
	file, err := f.open()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := f.same(file); err != nil {
		t.Errorf("the same: %v", err)
	}
	if err := os.Remove(f.Path); err != nil {
		t.Fatal(err)
	}
	if err := f.same(file); err == nil || err.Error() != "it was removed" {
		t.Errorf("removed: %v", err)
	}
	h.make()
	if err := f.same(file); !errors.Is(err, errReplaced) {
		t.Errorf("replaced: %v", err)
	}
}

// fakeUnits are units that do what a test wants, and note what they were asked for.
type fakeUnits struct {
	pids   []int // the answers of MainPID, in turn
	reload error
	kill   error
	asked  []string
}

func (f *fakeUnits) MainPID(context.Context, string) (int, error) {
	if len(f.pids) == 0 {
		return 0, errors.New("no bus")
	}
	pid := f.pids[0]
	f.pids = f.pids[1:]
	return pid, nil
}

func (f *fakeUnits) Reload(_ context.Context, unit string) error {
	f.asked = append(f.asked, "reload "+unit)
	return f.reload
}

func (f *fakeUnits) Kill(_ context.Context, unit string, signal syscall.Signal) error {
	f.asked = append(f.asked, fmt.Sprint("kill ", unit, " ", signal))
	return f.kill
}

func TestReload(t *testing.T) {
	refused, denied := errors.New("no such job"), errors.New("denied")
	for _, test := range []struct {
		name  string
		units fakeUnits
		asked string
		want  string
	}{
		{"by the unit", fakeUnits{pids: []int{7, 7}}, "[reload k]", ""},
		{"by the signal", fakeUnits{pids: []int{7, 7}, reload: refused}, "[reload k kill k hangup]", ""},
		{"by neither", fakeUnits{pids: []int{7}, reload: refused, kill: denied}, "[reload k kill k hangup]", "no such job; denied"},
		{"not active", fakeUnits{pids: []int{0}}, "[]", `cannot reload unit "k": it is not active`},
		{"no bus", fakeUnits{}, "[]", "no bus"},
		{"no bus afterwards", fakeUnits{pids: []int{7}}, "[reload k]", "no bus"},
		{"it ended", fakeUnits{pids: []int{7, 0}}, "[reload k]", `cannot reload unit "k": its process 7 ended`},
		{"it was restarted", fakeUnits{pids: []int{7, 8}}, "[reload k]", `cannot reload unit "k": its process 7 ended, 8 took its place`},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := Reload(t.Context(), &test.units, "k")
			if got := fmt.Sprint(test.units.asked); got != test.asked {
				t.Errorf("asked for %s, want %s", got, test.asked)
			}
			if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// When time is up a signal on top of a reload that still runs makes nothing better.
func TestReloadOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		units := fakeUnits{pids: []int{7, 7}, reload: context.Canceled}
		if err := Reload(ctx, &units, "k"); !errors.Is(err, context.Canceled) || len(units.asked) != 1 {
			t.Errorf("got %v after %v", err, units.asked)
		}
	})
}
