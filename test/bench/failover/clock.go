package failover

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
)

// clock estimates how long the rest takes: each subject's runs at the pace of its runs so far, at first at a guess.
type clock struct {
	now   func() time.Time
	last  time.Time
	paces []*pace
}

type pace struct {
	subject string
	guess   time.Duration
	left    int
	done    int
	spent   time.Duration
}

func newClock(p Plan) *clock {
	c := &clock{now: time.Now, last: time.Now()}
	for _, subject := range p.Subjects {
		left := 0
		for _, each := range p.Cases {
			left += p.times(subject, each)
		}
		c.paces = append(c.paces, &pace{subject: subject.Name, guess: subject.Guess, left: left})
	}
	return c
}

// tick is one run done.
func (c *clock) tick(s pair.Subject) {
	now := c.now()
	if p := c.pace(s); p != nil {
		p.left, p.done, p.spent = p.left-1, p.done+1, p.spent+now.Sub(c.last)
	}
	c.last = now
}

// skip leaves runs out.
func (c *clock) skip(s pair.Subject, runs int) {
	if p := c.pace(s); p != nil {
		p.left -= runs
	}
}

func (c *clock) pace(s pair.Subject) *pace {
	for _, p := range c.paces {
		if p.subject == s.Name {
			return p
		}
	}
	return nil
}

func (c *clock) left() time.Duration {
	var left time.Duration
	for _, p := range c.paces {
		each := p.guess
		if p.done > 0 {
			each = p.spent / time.Duration(p.done)
		}
		left += each * time.Duration(p.left)
	}
	return left
}

func (c *clock) String() string {
	left := c.left()
	if left < time.Minute {
		return "less than a minute left"
	}
	return fmt.Sprintf("about %d min left", int(left.Round(time.Minute).Minutes()))
}
