package apply

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

func TestTrustedInput(t *testing.T) {
	rows := []struct {
		name string
		set  func(t *testing.T, dir string) string // returns the file to read
		root bool                                  // only root can set it
		want string                                // "" when it can be read
		hint string
	}{
		{name: "a plain file", set: func(t *testing.T, dir string) string { return put(t, dir+"/a/f", 0o640) }},
		{name: "missing", set: func(_ *testing.T, dir string) string { return dir + "/none" },
			want: `cannot read cluster file "DIR/none": it does not exist`, hint: "examples are in /usr/share/doc/lbsup/examples, every key is in lbsup.yaml(5)"},
		{name: "relative", set: func(*testing.T, string) string { return "f" },
			want: `cannot read cluster file "f": it is not an absolute path`},
		{name: "a directory", set: func(t *testing.T, dir string) string { return filepath.Dir(put(t, dir+"/a/f", 0o640)) },
			want: `cannot read cluster file "DIR/a": it is not a regular file`},
		{name: "a FIFO", set: func(t *testing.T, dir string) string {
			must(t, syscall.Mkfifo(dir+"/fifo", 0o600))
			return dir + "/fifo"
		}, want: `cannot read cluster file "DIR/fifo": it is not a regular file`},
		{name: "writable by the group", set: func(t *testing.T, dir string) string { return put(t, dir+"/a/f", 0o660) },
			want: `cannot read cluster file "DIR/a/f": it is not safe: "DIR/a/f" (mode 0660) can be written by others than root`,
			hint: "chmod go-w DIR/a/f"},
		{name: "in a directory that others write", set: func(t *testing.T, dir string) string {
			name := put(t, dir+"/a/f", 0o640)
			must(t, os.Chmod(dir+"/a", 0o777))
			return name
		}, want: `cannot read cluster file "DIR/a/f": it is not safe: "DIR/a" (mode 0777) can be written by others than root`,
			hint: "chmod go-w DIR/a"},
		{name: "of another owner", root: true, set: func(t *testing.T, dir string) string {
			name := put(t, dir+"/a/f", 0o640)
			must(t, os.Chown(name, 12345, 0))
			return name
		}, want: `cannot read cluster file "DIR/a/f": it is not safe: "DIR/a/f" belongs to user 12345, not to root`, hint: "chown root DIR/a/f"},
		{name: "through links", set: func(t *testing.T, dir string) string {
			put(t, dir+"/a/f", 0o640)
			must(t, os.Symlink("a", dir+"/relative"))
			must(t, os.Symlink(dir+"/relative/../relative/./f", dir+"/absolute"))
			return dir + "/absolute"
		}},
		{name: "through a link into an unsafe directory", set: func(t *testing.T, dir string) string {
			put(t, dir+"/a/f", 0o640)
			must(t, os.Chmod(dir+"/a", 0o777))
			must(t, os.Symlink("a/f", dir+"/l"))
			return dir + "/l"
		}, want: `cannot read cluster file "DIR/l": it is not safe: "DIR/a" (mode 0777) can be written by others than root`, hint: "chmod go-w DIR/a"},
		{name: "a loop of links", set: func(t *testing.T, dir string) string {
			must(t, os.Symlink("l", dir+"/l"))
			return dir + "/l"
		}, want: `cannot read cluster file "DIR/l": too many symbolic links`},
		{name: "too large", set: func(t *testing.T, dir string) string {
			must(t, os.WriteFile(dir+"/f", make([]byte, maxClusterFile+1), 0o600))
			return dir + "/f"
		}, want: `cannot read cluster file "DIR/f": it is larger than 1024 KiB`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			need.That(t, !row.root || os.Geteuid() == 0, "root")
			dir := t.TempDir()
			_, _, err := trust{below: dir}.read("cluster file", row.set(t, dir), maxClusterFile)
			if err == nil {
				if row.want != "" {
					t.Fatalf("read, want %s", row.want)
				}
				return
			}
			p := reasons(err)[0]
			if got := strings.ReplaceAll(p.Message, dir, "DIR"); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
			if got := strings.ReplaceAll(p.Hint, dir, "DIR"); got != row.hint {
				t.Errorf("hint: got %q, want %q", got, row.hint)
			}
		})
	}
}

// The host's own temporary directory is writable by everybody: without the exemption nothing in it is trusted.
func TestTemporaryDirectoriesAreNotTrusted(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "lbsup-trust-")
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if _, _, err := (trust{}).read("cluster file", put(t, dir+"/f", 0o600), 10); err == nil || !strings.Contains(err.Error(), `"/tmp" (mode 0777)`) {
		t.Errorf("got %v", err)
	}
}

func put(t *testing.T, name string, mode os.FileMode) string {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(name), 0o755))
	must(t, os.WriteFile(name, []byte("x"), 0o600))
	must(t, os.Chmod(name, mode))
	return name
}
