package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const repository = "../../../.."

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
