package faults

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// programs is the folder of lbsup and lbsup-check as they are now, built once for all pairs.
var programs func() (string, error)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "lbsup-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	programs = sync.OnceValues(func() (string, error) {
		return dir, errors.Join(build("lbsup", dir, ""), build("lbsup-check", dir, ""))
	})
	return m.Run()
}

// build compiles a program into a folder, with a version of its own where one is given.
func build(program, dir, version string) error {
	args := []string{"build", "-trimpath", "-buildvcs=false"}
	if version != "" {
		args = append(args, "-ldflags=-X main.version="+version)
	}
	cmd := exec.Command("go", append(args, "-o", filepath.Join(dir, program), "./cmd/"+program)...)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build %s: %v: %s", program, err, out)
	}
	return nil
}
