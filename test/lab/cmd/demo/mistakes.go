package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// Where a person keeps the file as it was.
const (
	keep    = "cp -p " + pair.ClusterFile + " /root/good.yaml"
	restore = "cp /root/good.yaml " + pair.ClusterFile
)

func (s *stage) slip(ctx context.Context) error {
	s.Say("The file is saved with a wrong key, while requests flow. Nobody asks lbsup to look.")
	return s.refused(ctx, "a mistyped key saved", "sed -i 's/router_id:/router_idd:/' "+pair.ClusterFile,
		pair.ClusterFile+":10:7:", `did you mean "router_id"?`)
}

func (s *stage) raw(ctx context.Context) error {
	s.Say("A raw line is HAProxy's own business, so HAProxy judges it: before it is installed, not after.")
	return s.refused(ctx, "a line saved that HAProxy refuses", `sed -i '/name: api-server/a\    raw: ["timeout server soon"]' `+pair.ClusterFile,
		"[ALERT]", "unexpected character 's' in 'timeout server'")
}

// refused saves a bad edit on the holder, shows what lbsup says to it, and puts the good file back.
func (s *stage) refused(ctx context.Context, what, edit string, words ...string) error {
	first := s.pair.First
	if _, err := first.Script(ctx, keep); err != nil {
		return err
	}
	configuration := func() (string, error) {
		return first.Run(ctx, "sha256sum", "/etc/haproxy/haproxy.cfg", "/etc/keepalived/keepalived.conf")
	}
	before, err := configuration()
	if err != nil {
		return err
	}
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := s.shown(ctx, first, edit); err != nil {
			return err
		}
		if err := pair.Await(ctx, s.ended(status.Refused)); err != nil {
			return err
		}
		return s.tells(ctx, words)
	})
	if err != nil {
		return err
	}
	after, err := configuration()
	if err != nil {
		return err
	}
	if after != before {
		return fmt.Errorf("expected the daemons' configuration as it was:\n%sgot:\n%s", before, after)
	}
	if err := s.shown(ctx, first, restore); err != nil {
		return err
	}
	s.Proof("refused, and both daemons' files are what they were: %s", story.Requests(report))
	s.note(what, "refused", report)
	if err := story.Unbroken(report); err != nil {
		return err
	}
	return s.untilWell(ctx)
}

// tells shows what has become of an edit, and wants to read some words there.
func (s *stage) tells(ctx context.Context, words []string) error {
	out, err := s.typed(ctx, s.pair.First, "lbsup status")
	if err != nil {
		return err
	}
	s.Output(story.Excerpt(out, "Last change"))
	for _, word := range words {
		if !strings.Contains(out, word) {
			return fmt.Errorf("expected %q in what lbsup says; got the above", word)
		}
	}
	return nil
}

// ended complains until the last change of the holder has ended in this way.
func (s *stage) ended(outcome status.Outcome) func(context.Context) error {
	return func(ctx context.Context) error {
		last, err := change(ctx, s.pair.First)
		if err != nil {
			return err
		}
		if last == nil || last.Outcome != outcome {
			return fmt.Errorf("expected a change that is %s; got %+v", outcome, last)
		}
		return nil
	}
}
