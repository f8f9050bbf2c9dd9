package failover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
)

// worker is one lab and what is done in it.
type worker struct {
	subject pair.Subject
	pair    *pair.Pair
	ledger  *ledger
	once    func(context.Context, *series) (Reading, error) // one run
}

func newWorker(p *pair.Pair, l *ledger) *worker {
	return &worker{subject: p.Subject, pair: p, ledger: l, once: func(ctx context.Context, s *series) (Reading, error) {
		if err := p.Settle(ctx); err != nil {
			return nil, err
		}
		return s.what.run(ctx, p)
	}}
}

// run takes part in every case of its subject, in their order.
func (w *worker) run(ctx context.Context) {
	for _, s := range w.ledger.of(w.subject) {
		if ctx.Err() != nil || !w.ledger.take(s) {
			continue
		}
		if err := w.series(ctx, s); err != nil {
			w.ledger.problem(fmt.Errorf("%s: %s: %w", s.subject.Name, s.what.Name, err))
		}
	}
}

// series does this lab's share of one case, of which it has taken a run.
func (w *worker) series(ctx context.Context, s *series) (err error) {
	if s.what.prepare != nil {
		if err := s.what.prepare(ctx, w.pair); err != nil {
			w.ledger.giveBack(s)
			return err
		}
	}
	err = w.share(ctx, s)
	if s.what.restore != nil {
		err = errors.Join(err, w.pair.Settle(ctx), s.what.restore(ctx, w.pair))
	}
	return err
}

// attempts is how many runs of a case may go wrong in one lab before it leaves the rest to the others.
const attempts = 2

// share does runs for as long as some are left. A run that could not be measured is given back and done again, here or in another lab; what
// went wrong is told all the same.
func (w *worker) share(ctx context.Context, s *series) error {
	var problems []error
	for ctx.Err() == nil && len(problems) < attempts {
		started := time.Now()
		if got, err := w.once(ctx, s); err != nil {
			problems = append(problems, err)
			w.ledger.giveBack(s)
		} else {
			w.ledger.add(s, got, time.Since(started))
		}
		if len(problems) < attempts && !w.ledger.take(s) {
			break
		}
	}
	return errors.Join(problems...)
}
