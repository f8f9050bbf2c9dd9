package keepalived

import (
	"os"
	"os/exec"
	"testing"
)

// need skips on a laptop what CI must not skip.
func need(t *testing.T, programs ...string) {
	t.Helper()
	missing := ""
	if os.Geteuid() != 0 {
		missing = "root"
	}
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing = program
		}
	}
	if missing == "" {
		return
	}
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatalf("this test needs %s", missing)
	}
	t.Skipf("this test needs %s", missing)
}
