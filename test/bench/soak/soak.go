package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

// Plan is what a soak does.
type Plan struct {
	Duration time.Duration
	Setup    pair.Setup
	Progress io.Writer
}

// Outcome is what came of it.
type Outcome struct {
	Lasted   time.Duration
	Reloads  int // of HAProxy, both nodes together
	Requests lab.Report
	Moves    []pair.Move
	Asked    int // questions put to the health sockets, beside keepalived's own
	Failed   int // checks, keepalived's included
	Reasons  []string
}

const (
	reloadEvery = 2 * time.Second
	askEvery    = 20 * time.Millisecond
	patience    = time.Second
)

// Run boots a pair of lbsup and makes its life hard.
func (p Plan) Run(ctx context.Context) (Outcome, error) {
	subjects, err := pair.Choose([]string{pair.Lbsup})
	if err != nil {
		return Outcome{}, err
	}
	running, err := pair.Up(ctx, subjects[0], p.Setup)
	if err != nil {
		return Outcome{}, err
	}
	outcome, err := p.on(ctx, running)
	if err != nil || !outcome.Quiet() {
		running.Evidence(context.WithoutCancel(ctx), p.Setup.Log)
	}
	return outcome, errors.Join(err, running.Lab.Down())
}

// Quiet says whether nothing moved and no check failed.
func (o Outcome) Quiet() bool { return len(o.Moves) == 0 && o.Failed == 0 }

func (p Plan) on(ctx context.Context, running *pair.Pair) (o Outcome, err error) {
	if err := p.light(ctx, running); err != nil {
		return o, err
	}
	watch, err := running.Watch()
	if err != nil {
		return o, err
	}
	defer watch.Stop()
	var askers []*pair.Asker
	for _, node := range running.Lab.Nodes {
		asker, err := pair.Ask(ctx, node)
		if err != nil {
			return o, err
		}
		askers = append(askers, asker)
	}
	probe := running.Lab.Probe(pair.URL, askEvery, patience)
	started := time.Now()
	o.Reloads, err = p.reload(ctx, running)
	o.Lasted, o.Requests, o.Moves = time.Since(started), probe.Stop(), watch.Moves()
	for _, asker := range askers {
		answers, stopErr := asker.Stop(ctx)
		err = errors.Join(err, stopErr)
		o.Asked, o.Failed, o.Reasons = o.Asked+answers.Asked, o.Failed+answers.Failed, append(o.Reasons, answers.Reasons...)
	}
	return o, err
}

// light starts the load inside both hosts.
func (p Plan) light(ctx context.Context, running *pair.Pair) error {
	for _, node := range running.Lab.Nodes {
		if err := burn(ctx, node, p.Duration+time.Minute); err != nil {
			return err
		}
	}
	return nil
}

// reload reloads HAProxy on both nodes, again and again, while the machine's disk is written, until the time is up; then it takes the load away.
func (p Plan) reload(ctx context.Context, running *pair.Pair) (reloads int, err error) {
	soaking, cancel := context.WithTimeout(ctx, p.Duration)
	defer cancel()
	group, soaking := errgroup.WithContext(soaking)
	group.Go(func() error { return writeDisk(soaking) })
	group.Go(func() error {
		var err error
		reloads, err = p.reloadAll(soaking, running)
		return err
	})
	err = group.Wait()
	for _, node := range running.Lab.Nodes {
		err = errors.Join(err, douse(ctx, node))
	}
	return reloads, errors.Join(err, ctx.Err())
}

func (p Plan) reloadAll(ctx context.Context, running *pair.Pair) (reloads int, err error) {
	ticker := time.NewTicker(reloadEvery)
	defer ticker.Stop()
	started := time.Now()
	for {
		for _, node := range running.Lab.Nodes {
			if _, err := node.Run(ctx, "systemctl", "reload", "haproxy.service"); err != nil && ctx.Err() == nil {
				return reloads, err
			}
			reloads++
		}
		fmt.Fprintf(p.Progress, "bench: soak: %v of %v, %d reloads\n", time.Since(started).Round(time.Second), p.Duration, reloads)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return reloads, nil
		}
	}
}

// Rows are the outcome for a results file.
func (o Outcome) Rows(at time.Time) []result.Row {
	row := func(unit string, value int) result.Row {
		r := result.Row{Bench: "soak", Subject: pair.Lbsup, Unit: unit, At: at,
			Case: fmt.Sprintf("%v under load, %d reloads", o.Lasted.Round(time.Second), o.Reloads)}
		return result.Summary(r, []float64{float64(value)})
	}
	return []result.Row{row(result.Moves, len(o.Moves)), row(result.FailedChecks, o.Failed), row(result.FailedRequests, o.Requests.Failed)}
}
