package trackfile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/need"
)

// contents is everything in a directory, hidden files too.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		found[entry.Name()] = string(text)
	}
	return found
}

func TestWrite(t *testing.T) {
	for _, tc := range []struct {
		name   string
		before map[string]string
		value  int
		want   string
	}{
		{"the first time", nil, 203, "203\n"},
		{"another value", map[string]string{"VI_1": "203\n"}, Fault, "-254\n"},
		{"the same value, written another way", map[string]string{"VI_1": "0203"}, 203, "203\n"},
		{"over a leftover", map[string]string{"VI_1": "203\n", ".VI_1.new": "junk that is longer"}, 0, "0\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tc.before {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			old := syscall.Umask(0o077)
			err := Dir{dir}.Write("VI_1", tc.value)
			syscall.Umask(old)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]string{"VI_1": tc.want}, contents(t, dir)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			info, err := os.Stat(filepath.Join(dir, "VI_1"))
			if err != nil || info.Mode() != 0o644 {
				t.Errorf("got mode %v, %v, want 0644", info.Mode(), err)
			}
		})
	}
}

func inode(t *testing.T, path string) uint64 {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

func TestWriteLeavesTheSameValueAlone(t *testing.T) {
	dir := Dir{t.TempDir()}
	path := filepath.Join(dir.Path, "VI_1")
	write := func(value int) uint64 {
		t.Helper()
		if err := dir.Write("VI_1", value); err != nil {
			t.Fatal(err)
		}
		return inode(t, path)
	}
	first := write(203)
	if again := write(203); again != first {
		t.Error("the file was replaced although it held the value")
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if again := write(203); again == first {
		t.Error("a file that keepalived may not read was left alone")
	}
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(path, elsewhere); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, path); err != nil {
		t.Fatal(err)
	}
	write(203)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		t.Errorf("a symbolic link was left alone: %v, %v", info.Mode(), err)
	}
}

// TestWriteFollowsNoLink has a link where the temporary file goes: what it points to stays as it is.
func TestWriteFollowsNoLink(t *testing.T) {
	dir, precious := Dir{t.TempDir()}, filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte("gold"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(precious, filepath.Join(dir.Path, ".VI_1.new")); err != nil {
		t.Fatal(err)
	}
	if err := dir.Write("VI_1", 1); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(precious); err != nil || string(text) != "gold" {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	here := t.TempDir()
	file := filepath.Join(here, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(here, "missing")
	for _, tc := range []struct {
		name, dir, instance string
		value               int
		want                string
	}{
		{"no name", here, "", 0, `cannot write track file "": the name of the VRRP instance is no file name`},
		{"a path", here, "../VI_1", 0, `cannot write track file "../VI_1": the name of the VRRP instance is no file name`},
		{"a hidden name", here, ".VI_1.new", 0, `cannot write track file ".VI_1.new": the name of the VRRP instance is no file name`},
		{"two lines", here, "VI\n1", 0, `cannot write track file "VI\n1": the name of the VRRP instance is no file name`},
		{"too low", here, "VI_1", -255, `cannot write track file "VI_1": got -255, want a number from -254 to 254`},
		{"too high", here, "VI_1", 255, `cannot write track file "VI_1": got 255, want a number from -254 to 254`},
		{"no directory", missing, "VI_1", 0, `cannot write track file "VI_1": directory ` + missing +
			` is missing: make it with systemd-tmpfiles --create, then reload keepalived`},
		{"a file for a directory", file, "VI_1", 0, `cannot write track file "VI_1" in ` + file + `: not a directory`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := Dir{tc.dir}.Write(tc.instance, tc.value)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
	if diff := cmp.Diff(map[string]string{"file": ""}, contents(t, here)); diff != "" {
		t.Errorf("what is left (-want +got):\n%s", diff)
	}
}

// TestWriteOnABadDisk has a tmpfs without room for the temporary file, and one that is read-only.
func TestWriteOnABadDisk(t *testing.T) {
	need.Root(t)
	for _, tc := range []struct {
		name    string
		flags   uintptr
		options string
		want    string
	}{
		{"full", 0, "size=4k", "no space left on device"},
		{"full of files", 0, "nr_inodes=2", "no space left on device"},
		{"read-only", syscall.MS_RDONLY, "", "read-only file system"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := syscall.Mount("lbsup-test", dir, "tmpfs", 0, "size=64k"); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
			if err := (Dir{dir}).Write("VI_1", 203); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mount("lbsup-test", dir, "tmpfs", syscall.MS_REMOUNT|tc.flags, tc.options); err != nil {
				t.Fatal(err)
			}
			want := `cannot write track file "VI_1" in ` + dir + `: ` + tc.want
			if err := (Dir{dir}).Write("VI_1", Fault); err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if diff := cmp.Diff(map[string]string{"VI_1": "203\n"}, contents(t, dir)); diff != "" {
				t.Errorf("what is left (-want +got):\n%s", diff)
			}
			if err := (Dir{dir}).Write("VI_1", 203); err != nil {
				t.Errorf("the value that it holds needs no disk: %v", err)
			}
		})
	}
}
