package reload

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Plan is what the benchmark does.
type Plan struct {
	Parts    []string // of Parts(); empty: all
	Reloads  int      // under load, of each subject
	Requests int      // the load goes on after the last reload until it has made so many
	Edits    int      // of a small cluster file
	Added    int      // servers added, to each number of Servers
	Servers  []int    // how many there are before one more is added
	Planned  []int    // how many there are in the files that are planned in memory
	Alone    bool     // lbsup only, without the distribution's way beside it
	Setup    pair.Setup
	Save     func(result.Row) error
	Progress io.Writer
}

// The parts of the benchmark.
const (
	partCost     = "plan-cost"
	partReload   = "reload"
	partEdit     = "edit-live"
	partAdded    = "server-added"
	byHand       = "systemctl reload"
	lbsupReloads = "lbsup, by a reload"
)

// Parts are the names of all parts, in the order in which they run.
func Parts() []string { return []string{partCost, partReload, partEdit, partAdded} }

// Run runs the parts. Those on hosts share one pair.
func (p Plan) Run(ctx context.Context) error {
	for _, part := range p.Parts {
		if !slices.Contains(Parts(), part) {
			return fmt.Errorf("cannot measure %q: got an unknown part, want one of %s", part, strings.Join(Parts(), ", "))
		}
	}
	if p.wants(partCost) {
		if err := p.planCost(ctx); err != nil {
			return err
		}
	}
	if !p.wants(partReload) && !p.wants(partEdit) && !p.wants(partAdded) {
		return nil
	}
	return p.onHosts(ctx)
}

func (p Plan) onHosts(ctx context.Context) error {
	h, err := up(ctx, p.Setup)
	if err != nil {
		return err
	}
	defer h.down()
	if p.wants(partReload) && !p.Alone {
		if err := p.reloadsByHand(ctx, h); err != nil {
			return err
		}
	}
	if err := h.install(ctx, p.Setup); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func(context.Context, *hosts) error
	}{{partReload, p.reloadsOfLbsup}, {partEdit, p.edits}, {partAdded, p.serversAdded}} {
		if !p.wants(part.name) {
			continue
		}
		if err := part.do(ctx, h); err != nil {
			h.evidence(context.WithoutCancel(ctx), p.Setup.Log)
			return fmt.Errorf("cannot measure %q: %w", part.name, err)
		}
	}
	return nil
}

func (p Plan) wants(part string) bool { return len(p.Parts) == 0 || slices.Contains(p.Parts, part) }

func (p Plan) say(format string, args ...any) {
	fmt.Fprintf(p.Progress, "bench: reload: "+format+"\n", args...)
}

func (p Plan) save(bench, subject, name, unit string, values []float64) error {
	row := result.Row{Bench: bench, Subject: subject, Case: name, Unit: unit, At: time.Now().UTC().Truncate(time.Second)}
	return p.Save(result.Summary(row, values))
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// pause returns false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
