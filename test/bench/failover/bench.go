package failover

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Plan is what a benchmark does.
type Plan struct {
	Subjects []pair.Subject
	Cases    []Case
	Runs     int // of each case of everybody
	Labs     int // at most so many pairs of one subject side by side
	Setup    pair.Setup
	Save     func(result.Row) error
	Progress io.Writer
}

// usualRuns are the runs of a full benchmark. A case that wants more repetitions gets them then.
const usualRuns = 30

// times is how often a subject meets a case.
func (p Plan) times(s pair.Subject, c Case) int {
	switch {
	case !s.Supervised() && !c.Opponents:
		return 0
	case c.Times > 0 && p.Runs >= usualRuns:
		return c.Times
	}
	return p.Runs
}

// labs is how many labs a subject gets: no more than there is work for.
func (p Plan) labs(s pair.Subject) int {
	most := 0
	for _, c := range p.Cases {
		most = max(most, p.times(s, c))
	}
	return min(most, s.Labs, p.Labs)
}

// pairs is how many labs there are in all.
func (p Plan) pairs() int {
	sum := 0
	for _, s := range p.Subjects {
		sum += p.labs(s)
	}
	return sum
}

// waves are the subjects that are measured at the same time: lbsup by itself, because a crowd on the same processors is most of a few milliseconds, and
// then the others, which take seconds.
func (p Plan) waves() (out []Plan) {
	for _, supervised := range []bool{true, false} {
		wave := p
		wave.Subjects = slices.DeleteFunc(slices.Clone(p.Subjects), func(s pair.Subject) bool { return s.Supervised() != supervised })
		out = append(out, wave)
	}
	return out
}

// Run measures all subjects on the same machine in the same hour: each in labs of its own, which share out its runs. No host of a wave is struck before all
// of them have booted, because that is what disturbs the most. What fails in one lab does not keep the rest from being measured.
func (p Plan) Run(ctx context.Context) (err error) {
	back, err := pair.MakeRoom(p.pairs())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back()) }()
	ledger := newLedger(p)
	for _, wave := range p.waves() {
		if workers := wave.boot(ctx, ledger); len(workers) > 0 {
			ledger.problem(ledger.busy(func() { measure(ctx, workers, ledger) }))
		}
	}
	if err := ctx.Err(); err != nil {
		return err // what went wrong on the way was told, and what is missing is no wonder
	}
	return ledger.outcome()
}

// together is how many pairs come up at the same time: booting takes a second of a core, and then there is a long wait for the first checks.
const together = 6

// boot brings all pairs of a wave up and returns those that came up.
func (p Plan) boot(ctx context.Context, ledger *ledger) []*worker {
	var group errgroup.Group
	group.SetLimit(together)
	var mu sync.Mutex
	var workers []*worker
	for _, s := range p.Subjects {
		ledger.say("%-20s %d side by side: %s", s.Name, p.labs(s), s.About)
		for range p.labs(s) {
			group.Go(func() error {
				if ctx.Err() != nil {
					return nil
				}
				running, err := pair.Up(ctx, s, p.Setup)
				if err != nil {
					ledger.problem(err)
					return nil // the others are measured all the same
				}
				mu.Lock()
				defer mu.Unlock()
				workers = append(workers, newWorker(running, ledger))
				return nil
			})
		}
	}
	_ = group.Wait() // the ledger has the problems
	return workers
}

// measure has all labs work at the same time. Each goes down when nothing is left for it.
func measure(ctx context.Context, workers []*worker, ledger *ledger) {
	var work sync.WaitGroup
	for _, worker := range workers {
		work.Go(func() {
			worker.run(ctx)
			ledger.problem(worker.pair.Lab.Down())
		})
	}
	work.Wait()
}
