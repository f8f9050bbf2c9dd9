package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

const hello = `
  - name: hello
    bind: ["*:8080"]
    mode: http
    servers:
      - {name: compute0, address: "compute0.ocp0.sa.boe:80"}
      - {name: compute1, address: "compute1.ocp0.sa.boe:80"}
`

const helloURL = "http://172.18.100.100:8080/"

func (s *stage) goodEdit(ctx context.Context) error {
	s.Say("A new service on port 8080, saved on both nodes at the same moment. lbsup does the rest.")
	s.Command(s.pair.First.Name, "cat >>"+pair.ClusterFile+" <<END"+hello+"END")
	fresh := s.pair.Lab.Probe(helloURL, every, patience)
	var saved time.Time
	report, err := s.watched(ctx, func(ctx context.Context) error {
		saved = time.Now()
		if err := s.append(ctx, hello); err != nil {
			return err
		}
		return pair.Await(ctx, s.helloed)
	})
	live, lively := story.FirstAnswer(fresh.Stop().Since(saved))
	if err != nil {
		return err
	}
	if !lively {
		return fmt.Errorf("expected answers on %s; got none", helloURL)
	}
	if err := s.status(ctx, s.pair.First, "Last change"); err != nil {
		return err
	}
	s.Proof("live %s after saving: %s", story.Span(live.Sub(saved)), story.Requests(report))
	s.note("a good edit saved", "live after "+story.Span(live.Sub(saved)), report)
	if err := story.Unbroken(report); err != nil {
		return err
	}
	return s.untilWell(ctx)
}

// append adds to the cluster file of both nodes at the same time.
func (s *stage) append(ctx context.Context, text string) error {
	return s.pair.OnBoth(ctx, func(ctx context.Context, node *lab.Node) error {
		_, err := node.Script(ctx, "cat >>"+pair.ClusterFile+" <<'END'\n"+text+"END\n")
		return err
	})
}

// helloed complains until both nodes have verified the new service, and the VIP serves it.
func (s *stage) helloed(ctx context.Context) error {
	for _, node := range s.pair.Nodes() {
		snapshot, err := pair.Status(ctx, node)
		if err != nil {
			return err
		}
		if last := snapshot.Change; last == nil || last.Outcome != status.Live || !offersHello(snapshot) {
			return fmt.Errorf("expected service hello live on %s; got %+v", node.Name, last)
		}
	}
	_, err := lab.Ask(ctx, s.pair.Lab.Client(patience), helloURL)
	return err
}

func offersHello(snapshot status.Snapshot) bool {
	return slices.ContainsFunc(snapshot.Services, func(service status.Service) bool { return service.Name == "hello" })
}

func (s *stage) rollback(ctx context.Context) error {
	s.Say("The new service was a mistake after all.")
	first := s.pair.First
	report, err := s.watched(ctx, func(ctx context.Context) error {
		if err := s.shown(ctx, first, "lbsup rollback"); err != nil {
			return err
		}
		return pair.Await(ctx, func(ctx context.Context) error {
			if from, err := lab.Ask(ctx, s.pair.Lab.Client(patience), helloURL); err == nil {
				return fmt.Errorf("expected no answer on %s; got one from %s", helloURL, from)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	history, err := s.typed(ctx, first, "lbsup history")
	if err != nil {
		return err
	}
	s.Table(history)
	s.Proof("the generation before runs again: %s", story.Requests(report))
	s.note("a rollback", "live", report)
	return story.Unbroken(report)
}
