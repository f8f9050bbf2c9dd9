package doctor

import (
	"context"
	"os"
	"os/exec"
	"testing"
)

// need skips on a laptop and fails where everything must be tested.
func need(t *testing.T, programs ...string) {
	t.Helper()
	missing := []string{}
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			missing = append(missing, program)
		}
	}
	switch {
	case len(missing) == 0:
	case os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1":
		t.Fatalf("this test needs %v", missing)
	default:
		t.Skipf("this test needs %v", missing)
	}
}

// run runs a real program.
func run(ctx context.Context, argv ...string) (string, int, error) {
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	return string(out), 0, err
}
