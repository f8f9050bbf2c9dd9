// Package pairtest builds what a test that boots a pair needs.
package pairtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
)

// Setup builds the programs from this checkout, so that no stale one is measured, and returns what pair.Up wants. Where no lab can be
// built the test is skipped; where all tests must run, that is a failure.
func Setup(t *testing.T) pair.Setup {
	t.Helper()
	if err := lab.Missing(); err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
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
