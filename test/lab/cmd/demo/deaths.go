package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// What a client may not have to bear, also on a machine that has other things to do.
const (
	longestForHAProxy = 5 * time.Second
	longestForNode    = 20 * time.Second
)

func (s *stage) killHAProxy(ctx context.Context) error {
	first, second := s.pair.First, s.pair.Second
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := s.shown(ctx, first, "kill -9 $(pidof haproxy)"); err != nil {
			return err
		}
		if err := pair.Await(ctx, func(context.Context) error { return s.pair.Away() }); err != nil {
			return fmt.Errorf("expected the VIPs on %s: %w", second.Name, err)
		}
		if err := s.status(ctx, second, "Virtual addresses"); err != nil {
			return err
		}
		s.Say("systemd starts HAProxy again. When that has been well for a while, the VIPs come home.")
		return s.untilWell(ctx)
	})
	if err != nil {
		return err
	}
	if err := s.status(ctx, first, "Virtual addresses"); err != nil {
		return err
	}
	s.Proof("the VIP was %s: %s", story.Silence(report), story.Requests(report))
	s.note("HAProxy killed on the holder", story.Silence(report), report)
	return story.Recovered(report, longestForHAProxy)
}

func (s *stage) pullPlug(ctx context.Context) error {
	first, second := s.pair.First, s.pair.Second
	s.Say("The plug of " + first.Name + ` is pulled: nothing says goodbye, so the other node has to miss three adverts before it
		may take over.`)
	var back time.Time
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := first.PowerOff(ctx); err != nil {
			return err
		}
		if err := pair.Await(ctx, func(context.Context) error { return s.pair.Away() }); err != nil {
			return fmt.Errorf("expected the VIPs on %s: %w", second.Name, err)
		}
		if err := s.status(ctx, second, "Virtual addresses"); err != nil {
			return err
		}
		if err := pause(ctx, calm); err != nil {
			return err
		}
		s.Say("The power is back: the host boots, and nobody types anything.")
		back = time.Now()
		if err := first.Boot(ctx); err != nil {
			return err
		}
		return s.untilWell(ctx)
	})
	if err != nil {
		return err
	}
	if err := s.status(ctx, first, "Virtual addresses"); err != nil {
		return err
	}
	return s.judgePlug(report, back)
}

// judgePlug looks at the death and at the return apart.
func (s *stage) judgePlug(report lab.Report, back time.Time) error {
	death, comeback := report.Until(back), report.Since(back)
	s.Proof("the VIP was %s: %s", story.Silence(death), story.Requests(death))
	s.Proof("when the node came back it was %s: %s", story.Silence(comeback), story.Requests(comeback))
	s.note("the holder loses power", story.Silence(death), death)
	s.note("it boots and takes over again", story.Silence(comeback), comeback)
	return errors.Join(story.Recovered(death, longestForNode), story.Recovered(comeback, longestForNode))
}

func (s *stage) killSupervisors(ctx context.Context) error {
	s.Say("lbsup is not in the way of a request, and its end says nothing about HAProxy. So nothing may move.")
	report, err := s.watched(ctx, func(ctx context.Context) error {
		for _, node := range s.pair.Nodes() {
			if err := s.shown(ctx, node, "systemctl kill --signal=KILL lbsup"); err != nil {
				return err
			}
		}
		return s.unmoved(ctx, 2*time.Second)
	})
	if err != nil {
		return err
	}
	if err := s.untilWell(ctx); err != nil {
		return err
	}
	for _, node := range s.pair.Nodes() {
		if err := s.status(ctx, node, "Checks"); err != nil {
			return err
		}
	}
	s.Proof("no VIP moved: %s", story.Requests(report))
	s.note("lbsup killed on both nodes", "no VIP moved", report)
	return story.Unbroken(report)
}

// unmoved watches the VIPs for a while.
func (s *stage) unmoved(ctx context.Context, d time.Duration) error {
	for end := time.Now().Add(d); time.Now().Before(end); {
		if err := s.pair.Home(); err != nil {
			return fmt.Errorf("expected that no VIP moves; got: %w", err)
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}
