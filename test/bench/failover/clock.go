package failover

import (
	"fmt"
	"time"
)

// left estimates how long the rest takes: that of the slowest subject of each wave, each case at the pace of its runs so far, at first at a guess.
func (l *ledger) left() time.Duration {
	bySubject := map[string]time.Duration{}
	longest := map[bool]time.Duration{}
	for _, s := range l.series {
		bySubject[s.subject.Name] += s.rest(l.plan.times(s.subject, s.what) - s.done)
		longest[s.subject.Supervised()] = max(longest[s.subject.Supervised()], bySubject[s.subject.Name])
	}
	return longest[true] + longest[false]
}

// rest is the time that some runs take, shared out among the labs.
func (s *series) rest(runs int) time.Duration {
	each := s.subject.Guess
	if s.done > 0 {
		each = s.spent / time.Duration(s.done)
	}
	return each * time.Duration(runs) / time.Duration(s.labs)
}

func remaining(left time.Duration) string {
	if left < time.Minute {
		return "less than a minute left"
	}
	return fmt.Sprintf("about %d min left", int(left.Round(time.Minute).Minutes()))
}
