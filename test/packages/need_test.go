package packages

import (
	"os"
	"os/exec"
	"testing"
)

// need skips a test where a program is missing; where all tests must run, that is a failure.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing(t, err)
		}
	}
}

func missing(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatal(err)
	}
	t.Skip(err)
}
