package demo

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/need"
)

const repository = "../../../.."

// source builds lbsup apart from what the checkout has built, or skips the test where no lab can be; where all tests must run, that is a
// failure.
func source(t *testing.T) pair.Source {
	t.Helper()
	need.NoError(t, lab.Missing())
	dir := t.TempDir()
	for _, program := range []string{"lbsup", "lbsup-check"} {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, program), "./cmd/"+program)
		build.Dir, build.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("cannot build %s: %v\n%s", program, err, out)
		}
	}
	return pair.Source{Repository: repository, Build: dir}
}

// leftovers are the namespaces and files of a lab that has gone.
func leftovers(t *testing.T, l *lab.Lab) []string {
	t.Helper()
	id := l.ClientNamespace()[:len(l.ClientNamespace())-len("-client")]
	var all []string
	for _, pattern := range []string{"/run/netns/" + id + "*", "/var/tmp/" + id + "*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	return all
}
