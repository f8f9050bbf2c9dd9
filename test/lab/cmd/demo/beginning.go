package demo

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

func (s *stage) boot(ctx context.Context) error {
	s.Say(`Two hosts with systemd, three networks, and stub servers for an OpenShift cluster behind them. HAProxy and keepalived are
		installed as their distribution has them; lbsup comes as a package would bring it.`)
	began := time.Now()
	var log bytes.Buffer
	l, err := lab.Up(ctx, lab.OpenShift(), &log)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, log.String())
	}
	s.pair = pair.Of(l)
	booted := time.Since(began)
	if err := s.pair.Install(ctx, s.source); err != nil {
		return err
	}
	for _, node := range s.pair.Nodes() {
		if err := s.shown(ctx, node, "systemctl is-system-running; lbsup version"); err != nil {
			return err
		}
	}
	s.Proof("two hosts booted in %s", story.Span(booted))
	return nil
}

func (s *stage) begin(ctx context.Context) error {
	s.Say("The cluster file is the same on both hosts. Each finds itself in it by its name.")
	if err := s.pair.Configure(ctx, s.source); err != nil {
		return err
	}
	if err := s.shown(ctx, s.pair.First, "sed -n '2,14p' "+pair.ClusterFile); err != nil {
		return err
	}
	for _, node := range s.pair.Nodes() {
		s.Command(node.Name, "systemctl enable --now lbsup")
	}
	probe := s.pair.Lab.Probe(pair.URL, every, patience)
	began := time.Now()
	err := s.pair.Start(ctx)
	if err == nil {
		err = s.untilWell(ctx)
	}
	well := time.Since(began)
	first, answered := story.FirstAnswer(probe.Stop().Since(began))
	if err != nil {
		return err
	}
	if !answered {
		return fmt.Errorf("expected answers on %s; got none", pair.URL)
	}
	s.Proof("the VIP answers after %s, and after %s both nodes say that they are well", story.Span(first.Sub(began)), story.Span(well))
	s.figures = append(s.figures, story.Figure{What: "from bare hosts to a VIP that answers", Measured: story.Span(first.Sub(began))})
	return nil
}

func (s *stage) ask(ctx context.Context) error {
	if err := pair.Await(ctx, s.roles); err != nil {
		return err
	}
	if err := s.shown(ctx, s.pair.First, "lbsup status"); err != nil {
		return err
	}
	if err := s.status(ctx, s.pair.Second, "Virtual addresses"); err != nil {
		return err
	}
	s.Proof("%s holds both VIPs, and each node says why", s.pair.First.Name)
	return s.pair.Home()
}

// roles complains unless each node has its role, with the priority that it has when all is well.
func (s *stage) roles(ctx context.Context) error {
	for node, want := range map[*lab.Node]string{s.pair.First: "MASTER", s.pair.Second: "BACKUP"} {
		snapshot, err := pair.Status(ctx, node)
		if err != nil {
			return err
		}
		for _, instance := range snapshot.Instances {
			if instance.State != want || instance.Priority != instance.Wanted {
				return fmt.Errorf("expected %s of %s to be %s with priority %d; got %s with %d", instance.Name, node.Name,
					want, instance.Wanted, instance.State, instance.Priority)
			}
		}
	}
	return nil
}

func (s *stage) traffic(ctx context.Context) error {
	client := s.pair.Lab.Client(patience)
	for range 3 {
		s.Command("client", "curl -s "+pair.URL)
		from, err := lab.Ask(ctx, client, pair.URL)
		if err != nil {
			return err
		}
		s.Output(from)
	}
	report, err := s.watched(ctx, func(ctx context.Context) error { return pause(ctx, time.Second) })
	if err != nil {
		return err
	}
	answered := report.Answered()
	if len(answered) < 3 {
		return fmt.Errorf("expected answers from three servers; got %v", answered)
	}
	var shares []string
	for _, name := range slices.Sorted(maps.Keys(answered)) {
		shares = append(shares, fmt.Sprintf("%s %d", name, answered[name]))
	}
	s.Proof("%s: %s", story.Requests(report), strings.Join(shares, ", "))
	s.note("nothing but traffic", story.Silence(report), report)
	return story.Unbroken(report)
}
