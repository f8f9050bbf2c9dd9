package cost

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// Spent is what the runs of one command took, in milliseconds: by the clock, and of processor time in the command's own processes.
type Spent struct {
	Command string    `json:"command"`
	Wall    []float64 `json:"wall"`
	CPU     []float64 `json:"cpu"`
}

// Spawn runs each command n times, in turns, so that a busy moment of the machine meets all of them. A command that fails is an error: its cost would
// be that of a failure.
func Spawn(ctx context.Context, n int, commands [][]string) ([]Spent, error) {
	spent := make([]Spent, len(commands))
	for i, argv := range commands {
		spent[i].Command = argv[0]
	}
	for range n {
		for i, argv := range commands {
			cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
			started := time.Now()
			if err := cmd.Run(); err != nil {
				return nil, fmt.Errorf("cannot measure %q: %v", argv[0], err)
			}
			spent[i].Wall = append(spent[i].Wall, milliseconds(time.Since(started)))
			spent[i].CPU = append(spent[i].CPU, milliseconds(cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()))
		}
	}
	return spent, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
