// Package pairtest builds what a test that boots a pair needs.
package pairtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// Setup builds the programs from this checkout, so that no stale one is measured, and returns what pair.Up wants. Where no lab can be
// built the test is skipped; where all tests must run, that is a failure.
func Setup(t *testing.T) pair.Setup {
	t.Helper()
	need.NoError(t, lab.Missing())
	repository, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", dir, "./cmd/lbsup", "./cmd/lbsup-check", "./test/bench/cmd/bench")
	build.Dir = repository
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return pair.Setup{Repository: repository, Programs: dir, Bench: filepath.Join(dir, "bench"), Log: t.Output()}
}
