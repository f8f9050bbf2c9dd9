package demo

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

func (s *stage) drift(ctx context.Context) error {
	const file = "/etc/haproxy/haproxy.cfg"
	s.Say("Somebody repairs the rendered file at night. lbsup says so, and never overwrites it unasked.")
	first := s.pair.First
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := s.shown(ctx, first, "echo '# a quick fix at night' >>"+file); err != nil {
			return err
		}
		if err := pair.Await(ctx, s.drifted); err != nil {
			return err
		}
		if err := s.status(ctx, first, "What is wrong"); err != nil {
			return err
		}
		for _, command := range []string{"lbsup reload", "tail -1 " + file, "lbsup reload --overwrite"} {
			if err := s.shown(ctx, first, command); err != nil {
				return err
			}
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

func (s *stage) drifted(ctx context.Context) error {
	snapshot, err := pair.Status(ctx, s.pair.First)
	if err == nil && len(snapshot.Generation.Drift) == 0 {
		err = fmt.Errorf("expected a report of the hand edit; got none")
	}
	return err
}
