package demo

import (
	"context"
	"errors"
	"os/exec"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// typed shows a command and runs it on a host. Its exit code is not judged: some are meant to say no.
func (s *stage) typed(ctx context.Context, node *lab.Node, command string) (string, error) {
	s.Command(node.Name, command)
	out, err := node.Script(ctx, "export LC_ALL="+s.Locale()+"\nexec 2>&1\n"+command+"\n")
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 && ctx.Err() == nil {
		return out, nil
	}
	return out, err
}

// shown is typed, with all that the command printed.
func (s *stage) shown(ctx context.Context, node *lab.Node, command string) error {
	out, err := s.typed(ctx, node, command)
	if strings.TrimSpace(out) != "" {
		s.Output(out)
	}
	return err
}

// status shows the first line of `lbsup status` and those sections that matter now.
func (s *stage) status(ctx context.Context, node *lab.Node, sections ...string) error {
	out, err := s.typed(ctx, node, "lbsup status")
	if err != nil {
		return err
	}
	s.Output(story.Excerpt(out, sections...))
	return nil
}

// untilWell waits until the pair is as it should be.
func (s *stage) untilWell(ctx context.Context) error { return pair.Await(ctx, s.pair.Well) }

// change is the last finished change on a host, nil before the first.
func change(ctx context.Context, node *lab.Node) (*status.Change, error) {
	snapshot, err := pair.Status(ctx, node)
	if err != nil || snapshot.Change == nil || snapshot.Change.Outcome == "" {
		return nil, err
	}
	return snapshot.Change, nil
}
