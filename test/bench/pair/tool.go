package pair

import (
	"context"
	"fmt"
	"os"
)

// Tool is where the hosts have the bench program.
const Tool = "/usr/local/bin/lbsup-bench"

func (p *Pair) installTool(ctx context.Context, program string) error {
	text, err := os.ReadFile(program)
	if err != nil {
		return fmt.Errorf("cannot install the bench program: %v", err)
	}
	for _, node := range p.Lab.Nodes {
		if err := node.Write(ctx, Tool, text, 0o755); err != nil {
			return err
		}
	}
	return nil
}
