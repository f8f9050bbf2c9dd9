package apply

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCreate(t *testing.T) {
	disk, dir := HostDisk(), t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)

	name := filepath.Join(dir, "f")
	must(t, disk.Create(name, []byte("whole"), 0o640, noGroup))
	info, err := os.Stat(name)
	must(t, err)
	if info.Mode() != 0o640 {
		t.Errorf("the umask cut the mode to %v", info.Mode())
	}
	if err := disk.Create(name, []byte("second"), 0o600, noGroup); !errors.Is(err, fs.ErrExist) {
		t.Errorf("an existing file: got %v", err)
	}
	must(t, os.Symlink(filepath.Join(dir, "victim"), filepath.Join(dir, "link")))
	if err := disk.Create(filepath.Join(dir, "link"), []byte("x"), 0o600, noGroup); err == nil {
		t.Error("a link was followed")
	}
	if _, err := os.Lstat(filepath.Join(dir, "victim")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the link's target was made: %v", err)
	}
	if data, err := disk.Read(name); err != nil || string(data) != "whole" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestReadRefusesWhatIsNoPlainFile(t *testing.T) {
	disk, dir := HostDisk(), t.TempDir()
	must(t, os.WriteFile(dir+"/f", nil, 0o600))
	must(t, os.Symlink(dir+"/f", dir+"/link"))
	if _, err := disk.Read(dir + "/link"); !errors.Is(err, syscall.ELOOP) {
		t.Errorf("a link: got %v", err)
	}
	if _, err := disk.Read(dir); !errors.Is(err, syscall.EISDIR) {
		t.Errorf("a directory: got %v", err)
	}
	must(t, os.Truncate(dir+"/f", maxFile+1))
	if _, err := disk.Read(dir + "/f"); err == nil || err.Error() != dir+"/f is larger than 64 MiB" {
		t.Errorf("a huge file: got %v", err)
	}
}

func TestMkdirAndList(t *testing.T) {
	disk, dir := HostDisk(), t.TempDir()
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	for _, name := range []string{"b", "a", "c"} {
		must(t, disk.Mkdir(filepath.Join(dir, name), 0o750, noGroup))
	}
	info, err := os.Stat(filepath.Join(dir, "a"))
	must(t, err)
	if info.Mode().Perm() != 0o750 {
		t.Errorf("the umask cut the mode to %v", info.Mode())
	}
	names, err := disk.List(dir)
	if diff := cmp.Diff([]string{"a", "b", "c"}, names); diff != "" || err != nil {
		t.Errorf("%s %v", diff, err)
	}
	must(t, disk.Sync(dir))
	if err := disk.Sync(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestHints(t *testing.T) {
	wrap := func(err error) error { return &fs.PathError{Op: "open", Path: "/x", Err: err} }
	rows := []struct {
		err  error
		want string
	}{
		{wrap(syscall.ENOSPC), "free some space on that file system and try again; nothing was changed"},
		{wrap(syscall.EDQUOT), "free some space on that file system and try again; nothing was changed"},
		{wrap(syscall.EROFS), "the file system is read-only; make it writable and try again"},
		{wrap(syscall.EIO), "the disk reports an error: see the kernel's log"},
		{wrap(syscall.EBUSY), "a file that is a mount point cannot be replaced: mount its directory instead"},
		{wrap(syscall.EXDEV), "a file that is a mount point cannot be replaced: mount its directory instead"},
		{wrap(syscall.EACCES), "lbsup apply must run as root"},
		{wrap(syscall.EPERM), "lbsup apply must run as root"},
		{hinted{wrap(syscall.ENOSPC), "its own"}, "its own"},
		{errors.New("anything"), ""},
	}
	for _, row := range rows {
		if got := reasons(row.err); len(got) != 1 || got[0].Hint != row.want || got[0].Message != row.err.Error() {
			t.Errorf("%v: got %+v, want hint %q", row.err, got, row.want)
		}
	}
	many := problems{{Message: "a"}, {Message: "b", Hint: "h"}}
	if diff := cmp.Diff([]Problem(many), reasons(many)); diff != "" {
		t.Error(diff)
	}
}

func TestProblemText(t *testing.T) {
	rows := []struct {
		problem Problem
		want    string
	}{
		{Problem{Message: "m"}, "m"},
		{Problem{Message: "m", Path: "a.b"}, "a.b: m"},
		{Problem{Message: "m", File: "f"}, "m"},
		{Problem{Message: "m", Path: "a[1]", File: "f", Line: 3, Column: 7, Hint: "h"}, "f:3:7: a[1]: m"},
	}
	var all problems
	var want []string
	for _, row := range rows {
		if got := row.problem.String(); got != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
		all, want = append(all, row.problem), append(want, row.want)
	}
	if got := all.Error(); got != strings.Join(want, "\n") {
		t.Errorf("got %q", got)
	}
}
