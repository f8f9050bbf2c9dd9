package pair

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
)

// Status asks lbsup on a host how it is. An error is also that it does not answer yet.
func Status(ctx context.Context, node *lab.Node) (status.Snapshot, error) {
	var snapshot status.Snapshot
	out, err := node.Run(ctx, "lbsup", "status", "--json")
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) { // 1 says "not well", which is an answer
		return snapshot, err
	}
	if err := json.Unmarshal([]byte(out), &snapshot); err != nil {
		return snapshot, fmt.Errorf("cannot read the status of %q: %v", node.Name, err)
	}
	return snapshot, nil
}

// Complaint says why a node is not well, nil if it is.
func Complaint(s status.Snapshot) error {
	if !s.Well {
		if len(s.Findings) == 0 {
			return fmt.Errorf("%s is not well and does not say why", s.Node)
		}
		return fmt.Errorf("%s is not well: %s", s.Node, s.Findings[0].What)
	}
	if s.Change != nil && s.Change.Outcome == "" {
		return fmt.Errorf("%s is at work on a change: %s", s.Node, s.Change.Phase)
	}
	for _, service := range s.Services {
		for _, pool := range service.Pools {
			for _, server := range pool.Servers {
				// Before it is sure, HAProxy says "UP 1/3".
				if !strings.HasPrefix(server.Status, "UP") {
					return fmt.Errorf("%s sees server %s of %s as %q", s.Node, server.Name, service.Name, server.Status)
				}
			}
		}
	}
	return nil
}
