package probe

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// Run asks every Interval, from the start of one question to the start of the next, and at once when something on again says
// that the answer may have changed. It emits one result for each question and returns nil when ctx ends. The first question
// comes a moment after the start, see offset.
func Run(ctx context.Context, def checks.Definition, f Func, again <-chan struct{}, emit func(checks.Result)) error {
	round := func(ctx context.Context) []checks.Result { return []checks.Result{f(ctx)} }
	return RunTogether(ctx, []checks.Definition{def}, round, again, func(results []checks.Result) { emit(results[0]) })
}

// RunTogether is Run for checks that one question answers. They have the Interval and Timeout of the first.
func RunTogether(ctx context.Context, defs []checks.Definition, f Round, again <-chan struct{}, emit func([]checks.Result)) error {
	def := defs[0]
	if def.Interval <= 0 || def.Timeout <= 0 {
		return fmt.Errorf("cannot run check %q: got interval %v and timeout %v, want both above zero", def.Name, def.Interval, def.Timeout)
	}
	asker := asker{defs: defs, f: f, turn: make(chan struct{}, 1)}
	if !wait(ctx, time.After(offset(def)), again) {
		return nil
	}
	ticker := time.NewTicker(def.Interval)
	defer ticker.Stop()
	for {
		results := asker.ask(ctx)
		if ctx.Err() != nil {
			return nil // what was found while stopping says nothing
		}
		emit(results)
		if !wait(ctx, ticker.C, again) {
			return nil
		}
	}
}

// offset spreads the checks of a node over their interval, one second at most, so that fifty of them do not start fifty questions
// in the same millisecond, again and again. It depends on the name alone: the same node behaves the same after a restart.
func offset(def checks.Definition) time.Duration {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(def.Name))
	return min(def.Interval, time.Second) * time.Duration(sum.Sum32()%1000) / 1000
}

func wait(ctx context.Context, moment <-chan time.Time, again <-chan struct{}) bool {
	select {
	case <-moment:
		return true
	case <-again:
		return true
	case <-ctx.Done():
		return false
	}
}

// asker asks one question at a time. A question that outlives its deadline, because it ignores ctx, keeps its turn: the
// next ones wait for it and are in doubt as well, and a hung probe never becomes a hundred hung probes.
type asker struct {
	defs []checks.Definition
	f    Round
	turn chan struct{}
}

func (a asker) ask(ctx context.Context) []checks.Result {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, a.defs[0].Timeout)
	defer cancel()
	results := a.answer(ctx)
	now := time.Now()
	for i := range results {
		results[i].Check, results[i].At, results[i].Took = a.defs[i].Name, now, now.Sub(start)
	}
	return results
}

func (a asker) answer(ctx context.Context) []checks.Result {
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return a.each(doubtful("an earlier question still waits for its answer"))
	}
	found := make(chan []checks.Result, 1)
	go func() {
		defer func() { <-a.turn }()
		found <- a.f(ctx)
	}()
	select {
	case results := <-found:
		return results
	case <-ctx.Done():
		return a.each(doubtful("no answer within %v", a.defs[0].Timeout))
	}
}

func (a asker) each(r checks.Result) []checks.Result {
	return slices.Repeat([]checks.Result{r}, len(a.defs))
}
