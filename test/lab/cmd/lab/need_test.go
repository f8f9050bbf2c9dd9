package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

const repository = "../../../.."

// needLab skips a test where no lab can be built; where all tests must run, that is a failure.
func needLab(t *testing.T) {
	t.Helper()
	err := lab.Missing()
	if err == nil {
		return
	}
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	t.Skip(err)
}

// programs builds what the tests run: lab, and lbsup for its hosts.
func programs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for program, path := range map[string]string{"lab": "./test/lab/cmd/lab", "lbsup": "./cmd/lbsup", "lbsup-check": "./cmd/lbsup-check"} {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, program), path)
		build.Dir, build.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("cannot build %s: %v\n%s", program, err, out)
		}
	}
	return dir
}
