package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

const (
	file   = "/etc/haproxy/haproxy.cfg"
	repair = "a quick fix at night"
)

func (s *stage) drift(ctx context.Context) error {
	s.Say("Somebody repairs the rendered file at night. lbsup says so, and never overwrites it unasked.")
	first := s.pair.First
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := s.shown(ctx, first, "echo '# "+repair+"' >>"+file); err != nil {
			return err
		}
		if err := pair.Await(ctx, s.drifted); err != nil {
			return err
		}
		if err := s.status(ctx, first, "What is wrong"); err != nil {
			return err
		}
		for _, command := range []string{"lbsup reload", "lbsup reload --overwrite"} {
			if err := s.shown(ctx, first, command); err != nil {
				return err
			}
		}
		if err := s.kept(ctx); err != nil {
			return err
		}
		return s.untilWell(ctx)
	})
	if err != nil {
		return err
	}
	s.Proof("reported, kept, and put right when asked to: %s", story.Requests(report))
	s.note("a rendered file edited by hand", "reported", report)
	return story.Unbroken(report)
}

// kept shows that the hand edit has gone from the file and is not lost.
func (s *stage) kept(ctx context.Context) error {
	out, err := s.typed(ctx, s.pair.First, "grep -rl '"+repair+"' "+file+" /var/lib/lbsup")
	if err != nil {
		return err
	}
	s.Output(out)
	if strings.Contains(out, file) || !strings.Contains(out, "/var/lib/lbsup/") {
		return fmt.Errorf("expected the hand edit below /var/lib/lbsup alone; got %q", out)
	}
	return nil
}

// drifted complains until lbsup has seen the hand edit.
func (s *stage) drifted(ctx context.Context) error {
	snapshot, err := pair.Status(ctx, s.pair.First)
	if err == nil && len(snapshot.Generation.Drift) == 0 {
		err = fmt.Errorf("expected a report of the hand edit; got none")
	}
	return err
}
