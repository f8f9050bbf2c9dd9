package board

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// Board shows verdicts. The zero value is an empty board. Readers never wait, for a writer or for one another:
// each reads the snapshot that was current when it asked.
type Board struct {
	current atomic.Pointer[snapshot]
}

// snapshot is never changed once it is on the board.
type snapshot struct {
	verdicts []checks.Verdict
	place    map[string]int // name → index in verdicts
}

// Put replaces everything on the board. A check that is not among the verdicts is unknown from now on.
func (b *Board) Put(verdicts []checks.Verdict) {
	next := &snapshot{verdicts: append([]checks.Verdict(nil), verdicts...), place: make(map[string]int, len(verdicts))}
	for i, v := range verdicts {
		next.place[v.Check] = i
	}
	b.current.Store(next)
}

// Answer is what the board says about one check.
type Answer struct {
	Name    string
	Known   bool // there is such a check
	Healthy bool // and its verdict is healthy and fresh: the only way to a yes
	Verdict checks.Verdict
}

// Answer answers for the check of this name. A verdict that nothing has confirmed for three intervals is in doubt.
func (b *Board) Answer(name string, now time.Time) Answer {
	if s := b.current.Load(); s != nil {
		if i, ok := s.place[name]; ok {
			return answer(s.verdicts[i], now)
		}
	}
	reason := checks.Line(fmt.Sprintf("there is no check %q", name))
	return Answer{Name: name, Verdict: checks.Verdict{Check: name, Reason: reason}}
}

// All answers for every check, in the order in which they were put.
func (b *Board) All(now time.Time) []Answer {
	s := b.current.Load()
	if s == nil {
		return nil
	}
	answers := make([]Answer, 0, len(s.verdicts))
	for _, v := range s.verdicts {
		answers = append(answers, answer(v, now))
	}
	return answers
}

func answer(v checks.Verdict, now time.Time) Answer {
	v = checks.Stale(v, now)
	return Answer{Name: v.Check, Known: true, Healthy: v.Health == checks.Healthy, Verdict: v}
}
