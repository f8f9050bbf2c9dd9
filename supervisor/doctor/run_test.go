package doctor

import (
	"context"
	"os/exec"
)

// run runs a real program.
func run(ctx context.Context, argv ...string) (string, int, error) {
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	return string(out), 0, err
}
