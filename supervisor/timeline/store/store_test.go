package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/need"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "timeline")
	s := open(t, dir, Usual)
	want := numbered(0, 3)
	want[1].Fields, want[1].By, want[1].Reason, want[1].More = map[string]string{"to": "failed"}, "anna", "a \"reason\"\nof two lines", 7
	add(t, s, want)
	got, unread := readAll(t, NewReader(dir))
	if diff := cmp.Diff(want, got); diff != "" || unread != 0 {
		t.Errorf("%d unread (-want +got)\n%s", unread, diff)
	}
	last, err := Last(dir)
	if diff := cmp.Diff(want[2], last); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestAReaderGoesOnWhereItWas(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Limits{Bytes: 1000, Segments: 100})
	r := NewReader(dir)
	for round := range 5 {
		want := numbered(round*20, round*20+20)
		add(t, s, want[:7])
		add(t, s, want[7:])
		got, _ := readAll(t, r)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d (-want +got)\n%s", round, diff)
		}
	}
}

func TestTheOldestGoes(t *testing.T) {
	dir := t.TempDir()
	limits := Limits{Bytes: 2000, Segments: 3}
	s := open(t, dir, limits)
	for n := range 500 {
		add(t, s, numbered(n, n+1))
		if length, files := size(t, dir); length > limits.Bytes*int64(limits.Segments) || files > limits.Segments {
			t.Fatalf("after %d moments there are %d bytes in %d files, want at most %v", n, length, files, limits)
		}
	}
	got, unread := readAll(t, NewReader(dir))
	if len(got) < 20 || unread != 0 {
		t.Fatalf("got %d moments, %d unread", len(got), unread)
	}
	if diff := cmp.Diff(numbered(500-len(got), 500), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAReaderThatIsOvertakenGoesOnWithWhatIsLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Limits{Bytes: 500, Segments: 2})
	add(t, s, numbered(0, 1))
	r := NewReader(dir)
	readAll(t, r)
	for n := 1; n < 100; n++ {
		add(t, s, numbered(n, n+1))
	}
	got, unread := readAll(t, r)
	if len(got) == 0 || unread != 0 || got[len(got)-1].Text != "moment 99" {
		t.Errorf("got %d moments, %d unread", len(got), unread)
	}
}

func TestALineThatWasCutOffIsDropped(t *testing.T) {
	for _, row := range []struct {
		name, tail string
	}{
		{"nothing of it", ""},
		{"its beginning", `{"time":"2026-01-02T02:13:07Z","kind":"che`},
		{"all but its end", `{"time":"2026-01-02T02:13:07Z","kind":"check","text":"x"}`},
		{"long", strings.Repeat("x", 10_000)},
		{"zeroes of a file system", strings.Repeat("\x00", 4096)},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Usual)
			add(t, s, numbered(0, 2))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			file, err := os.OpenFile(path(dir, 1), os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			_, err = file.WriteString(row.tail)
			if err := errors.Join(err, file.Close()); err != nil {
				t.Fatal(err)
			}
			again, dropped, err := Open(dir, Usual)
			if err != nil || dropped != int64(len(row.tail)) {
				t.Fatalf("dropped %d bytes, %v, want %d", dropped, err, len(row.tail))
			}
			if length, _ := size(t, dir); length != again.size {
				t.Errorf("%d bytes are left, want %d", length, again.size)
			}
			add(t, again, numbered(2, 3))
			got, unread := readAll(t, NewReader(dir))
			if diff := cmp.Diff(numbered(0, 3), got); diff != "" || unread != 0 {
				t.Errorf("%d unread (-want +got)\n%s", unread, diff)
			}
			_ = again.Close()
		})
	}
}

func TestASpoiltLineSpoilsNoOther(t *testing.T) {
	dir := t.TempDir()
	add(t, open(t, dir, Usual), numbered(0, 3))
	text, err := os.ReadFile(path(dir, 1))
	if err != nil {
		t.Fatal(err)
	}
	text[bytes.IndexByte(text, '\n')+1] = 0xff
	if err := os.WriteFile(path(dir, 1), text, 0o600); err != nil {
		t.Fatal(err)
	}
	got, unread := readAll(t, NewReader(dir))
	if diff := cmp.Diff([]status.Moment{numbered(0, 1)[0], numbered(2, 3)[0]}, got); diff != "" || unread != 1 {
		t.Errorf("%d unread (-want +got)\n%s", unread, diff)
	}
}

func TestNothingIsThere(t *testing.T) {
	got, unread := readAll(t, NewReader(filepath.Join(t.TempDir(), "none")))
	if len(got) != 0 || unread != 0 {
		t.Errorf("got %v, %d unread", got, unread)
	}
	if m, err := Last(t.TempDir()); err != nil || !m.Time.IsZero() {
		t.Errorf("got %v, %v", m, err)
	}
}

func TestFilesThatAreNotOurs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"notes.txt", "00000000.jsonl", "7.jsonl", "-0000001.jsonl", "00000002.jsonl~"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	add(t, open(t, dir, Usual), numbered(0, 1))
	got, unread := readAll(t, NewReader(dir))
	if len(got) != 1 || unread != 0 {
		t.Errorf("got %v, %d unread", got, unread)
	}
}

// A reader never sees half a line, nor one twice.
func TestReadingWhileWriting(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Limits{Bytes: 4000, Segments: 1000})
	const all = 3000
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			r := NewReader(dir)
			for seen := 0; seen < all; {
				ms, unread, err := r.Next()
				if err != nil || unread != 0 {
					t.Errorf("%d unread, %v", unread, err)
					return
				}
				if diff := cmp.Diff(numbered(seen, seen+len(ms)), ms); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
					return
				}
				seen += len(ms)
			}
		})
	}
	for n := 0; n < all; n += 3 {
		add(t, s, numbered(n, n+3))
	}
	readers.Wait()
}

func TestADirectoryThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := Open(filepath.Join(file, "timeline"), Usual)
	want := "cannot make the directory of the timeline: mkdir " + file + ": not a directory"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// full is a small disk.
func full(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).CombinedOutput()
	need.That(t, err == nil, fmt.Sprintf("the right to mount: %v: %s", err, out))
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskSpoilsNothing(t *testing.T) {
	dir := full(t)
	s := open(t, dir, Limits{Bytes: 1 << 20, Segments: 2})
	written := 0
	for {
		if err := s.Append(numbered(written, written+100)); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			break
		}
		written += 100
	}
	got, unread := readAll(t, NewReader(dir))
	if diff := cmp.Diff(numbered(0, written), got); diff != "" || unread != 0 || written == 0 {
		t.Errorf("%d unread (-want +got)\n%s", unread, diff)
	}
}
