package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestChain(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	at := func(name string) string { return filepath.Join(root, name) }
	must(t, os.MkdirAll(at("a/b"), 0o700), os.MkdirAll(at("c"), 0o700))
	write(t, at("a/b/f"), "x")
	must(t, os.Symlink("a/b", at("rel")), os.Symlink(at("a"), at("abs")), os.Symlink("../a/./b//f", at("c/up")),
		os.Symlink("loop", at("loop")), os.Symlink("nowhere/x", at("dangling")))
	for _, test := range []struct{ name, path, want string }{
		{"plain", "a/b/f", "a a/b a/b/f"},
		{"a relative link", "rel/f", "rel a a/b a/b/f"},
		{"an absolute link", "abs/b/f", "abs ROOT a a/b a/b/f"},
		{"a link upwards", "c/up", "c c/up a a/b a/b/f"},
		{"dots in the path", "a/../a/b/./f", "a a a/b a/b/f"},
		{"missing", "a/none/f", "a a/none"},
		{"a link to nowhere", "dangling", "dangling nowhere"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			above := chain(root)
			entries := chain(root + "/" + test.path)
			if diff := cmp.Diff(above, entries[:len(above)]); diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
			for _, entry := range entries[len(above):] {
				if relative, _ := filepath.Rel(root, entry); relative == "." {
					got = append(got, "ROOT")
				} else if !strings.HasPrefix(relative, "..") {
					got = append(got, relative)
				}
			}
			if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if got := len(chain(at("loop"))); got < maxLinks || got > 2*maxLinks+len(chain(root)) {
		t.Errorf("a link to itself gave a chain of %d", got)
	}
}
