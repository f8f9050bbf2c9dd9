package probe

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// Run asks every Interval, from the start of one question to the start of the next, and at once when something on again says
// that the answer may have changed. It emits one result for each question and returns nil when ctx ends. The first question
// comes a moment after the start, see offset.
func Run(ctx context.Context, def checks.Definition, f Func, again <-chan struct{}, emit func(checks.Result)) error {
	if def.Interval <= 0 || def.Timeout <= 0 {
		return fmt.Errorf("cannot run check %q: got interval %v and timeout %v, want both above zero", def.Name, def.Interval, def.Timeout)
	}
	asker := asker{def: def, f: f, turn: make(chan struct{}, 1)}
	if !wait(ctx, time.After(offset(def)), again) {
		return nil
	}
	ticker := time.NewTicker(def.Interval)
	defer ticker.Stop()
	for {
		result := asker.ask(ctx)
		if ctx.Err() != nil {
			return nil // what was found while stopping says nothing
		}
		emit(result)
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
	def  checks.Definition
	f    Func
	turn chan struct{}
}

func (a asker) ask(ctx context.Context) checks.Result {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, a.def.Timeout)
	defer cancel()
	result := a.answer(ctx)
	result.Check, result.At = a.def.Name, time.Now()
	result.Took = result.At.Sub(start)
	return result
}

func (a asker) answer(ctx context.Context) checks.Result {
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return doubtful("an earlier question still waits for its answer")
	}
	found := make(chan checks.Result, 1)
	go func() {
		defer func() { <-a.turn }()
		found <- a.f(ctx)
	}()
	select {
	case result := <-found:
		return result
	case <-ctx.Done():
		return doubtful("no answer within %v", a.def.Timeout)
	}
}
