package failover

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// ledger is what all labs of a benchmark share: the runs that are left, what was measured, what went wrong, and the lines that say so. Its
// methods may be called by all of them.
type ledger struct {
	plan  Plan
	began time.Time

	mu       sync.Mutex
	series   []*series
	problems []error
}

// series is one case of one subject.
type series struct {
	subject pair.Subject
	what    Case
	labs    int

	left   int // runs that no lab has taken yet
	done   int
	spent  time.Duration // on those that are done
	values map[Quantity][]float64
}

func newLedger(p Plan) *ledger {
	l := &ledger{plan: p, began: time.Now().UTC().Truncate(time.Second)}
	for _, s := range p.Subjects {
		for _, c := range p.Cases {
			if times := p.times(s, c); times > 0 {
				l.series = append(l.series, &series{subject: s, what: c, labs: p.labs(s), left: times, values: map[Quantity][]float64{}})
			}
		}
	}
	return l
}

// of are the series of a subject, in the order of the cases.
func (l *ledger) of(s pair.Subject) []*series {
	return slices.DeleteFunc(slices.Clone(l.series), func(each *series) bool { return each.subject.Name != s.Name })
}

// take takes a run, if one is left.
func (l *ledger) take(s *series) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.left == 0 {
		return false
	}
	s.left--
	return true
}

// giveBack leaves a run that could not be measured to whoever asks next.
func (l *ledger) giveBack(s *series) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.left++
}

// add writes down a run and saves the series as it is now, so that a benchmark that is interrupted has left what it measured.
func (l *ledger) add(s *series, got Reading, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.done, s.spent = s.done+1, s.spent+took
	for quantity, value := range got {
		s.values[quantity] = append(s.values[quantity], value)
	}
	fmt.Fprintf(l.plan.Progress, "bench: %-20s %-24s %3d/%d  %-40s %s\n",
		s.subject.Name, s.what.Name, s.done, l.plan.times(s.subject, s.what), got, remaining(l.left()))
	if err := l.save(s); err != nil {
		l.problems = append(l.problems, err)
	}
}

func (l *ledger) save(s *series) error {
	var problems []error
	for _, quantity := range slices.SortedFunc(maps.Keys(s.values), Quantity.compare) {
		row := result.Row{
			Bench: quantity.Bench, Subject: s.subject.Name, Case: s.what.Name, Unit: quantity.Unit,
			At: time.Now().UTC().Truncate(time.Second), Began: l.began,
		}
		if quantity == Outage {
			row.Limit = milliseconds(Limit)
		}
		problems = append(problems, l.plan.Save(result.Summary(row, s.values[quantity])))
	}
	return errors.Join(problems...)
}

func (q Quantity) compare(other Quantity) int {
	return strings.Compare(q.Bench+" "+q.Unit, other.Bench+" "+other.Unit)
}

// problem tells at once what went wrong, and keeps it for the end.
func (l *ledger) problem(err error) {
	if err == nil {
		return
	}
	l.say("%v", err)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.problems = append(l.problems, err)
}

func (l *ledger) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.plan.Progress, "bench: "+format+"\n", args...)
}

// outcome is everything that went wrong, and the series that were not measured often enough.
func (l *ledger) outcome() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	problems := slices.Clone(l.problems)
	for _, s := range l.series {
		if want := l.plan.times(s.subject, s.what); s.done < want {
			problems = append(problems, fmt.Errorf("%s: %s: measured %d times, want %d", s.subject.Name, s.what.Name, s.done, want))
		}
	}
	return errors.Join(problems...)
}
