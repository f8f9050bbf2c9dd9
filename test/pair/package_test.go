package pair

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// built is the package of this checkout, made once for all pairs.
var built func() (lab.Package, error)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "lbsup-pair-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	built = sync.OnceValues(func() (lab.Package, error) { return build(dir) })
	return m.Run()
}

// build compiles the programs as they are now, so that no test runs against yesterday's.
func build(dir string) (lab.Package, error) {
	const repository = "../.."
	for _, program := range []string{"lbsup", "lbsup-check"} {
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(dir, program), "./cmd/"+program)
		cmd.Dir = repository
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return lab.Package{}, fmt.Errorf("cannot build %s: %v: %s", program, err, out)
		}
	}
	return lab.Make(context.Background(), repository, dir, "BUILD="+dir)
}
