package pair

import (
	"context"
	"fmt"
	"os"
	"os/exec"
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
	if out, err := exec.Command("make", "-C", repository, "programs", "VERSION=dev", "BUILD="+dir).CombinedOutput(); err != nil {
		return lab.Package{}, fmt.Errorf("cannot build the programs: %v: %s", err, out)
	}
	return lab.Make(context.Background(), repository, dir, "BUILD="+dir)
}
