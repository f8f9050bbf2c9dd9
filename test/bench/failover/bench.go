package failover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Plan is what a benchmark does.
type Plan struct {
	Subjects     []pair.Subject
	Cases        []Case
	Runs         int // of lbsup
	OpponentRuns int // of everybody else: their numbers are seconds, and it is the median that matters
	Setup        pair.Setup
	Save         func(result.Row) error
	Progress     io.Writer
}

// usualRuns are the runs of a full benchmark. A case that wants more repetitions gets them then.
const usualRuns = 30

// times is how often a subject meets a case.
func (p Plan) times(s pair.Subject, c Case) int {
	switch {
	case !s.Supervised() && !c.Opponents:
		return 0
	case !s.Supervised():
		return p.OpponentRuns
	case c.Times > 0 && p.Runs >= usualRuns:
		return c.Times
	}
	return p.Runs
}

// Run measures one subject after the other. What fails does not keep the rest from being measured.
func (p Plan) Run(ctx context.Context) error {
	clock := newClock(p)
	var problems []error
	for _, subject := range p.Subjects {
		if err := p.subject(ctx, subject, clock); err != nil {
			problems = append(problems, err)
			fmt.Fprintf(p.Progress, "bench: %v\n", err)
		}
	}
	return errors.Join(problems...)
}

func (p Plan) subject(ctx context.Context, s pair.Subject, clock *clock) (err error) {
	cases := slices.DeleteFunc(slices.Clone(p.Cases), func(c Case) bool { return p.times(s, c) == 0 })
	if len(cases) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	fmt.Fprintf(p.Progress, "bench: %s: %s\n", s.Name, s.About)
	running, err := pair.Up(ctx, s, p.Setup)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Lab.Down()) }()
	var problems []error
	for _, c := range cases {
		if ctx.Err() != nil {
			break
		}
		if err := p.series(ctx, running, c, clock); err != nil {
			problems = append(problems, fmt.Errorf("%s: %s: %w", s.Name, c.Name, err))
			fmt.Fprintf(p.Progress, "bench: %v\n", problems[len(problems)-1])
		}
	}
	return errors.Join(problems...)
}

// series repeats one case and saves its rows.
func (p Plan) series(ctx context.Context, running *pair.Pair, c Case, clock *clock) (err error) {
	if c.prepare != nil {
		if err := c.prepare(ctx, running); err != nil {
			return err
		}
	}
	values := map[Quantity][]float64{}
	times := p.times(running.Subject, c)
	for i := range times {
		if err = running.Settle(ctx); err != nil {
			break
		}
		var got Reading
		if got, err = c.run(ctx, running); err != nil {
			break
		}
		for quantity, value := range got {
			values[quantity] = append(values[quantity], value)
		}
		clock.tick(running.Subject)
		fmt.Fprintf(p.Progress, "bench: %-20s %-24s %3d/%d  %-40s %s\n", running.Subject.Name, c.Name, i+1, times, got, clock)
		if hopeless(values[Outage]) {
			clock.skip(running.Subject, times-i-1)
			break
		}
	}
	if c.restore != nil {
		err = errors.Join(err, running.Settle(ctx), c.restore(ctx, running))
	}
	return errors.Join(err, p.save(running.Subject, c, values))
}

// hopeless says that this pair does not notice: three times never is enough.
func hopeless(values []float64) bool {
	const enough = 3
	return len(values) >= enough && !slices.ContainsFunc(values, func(v float64) bool { return !result.Number(v).IsNever() })
}

func (p Plan) save(s pair.Subject, c Case, values map[Quantity][]float64) error {
	var problems []error
	for _, quantity := range slices.SortedFunc(maps.Keys(values), Quantity.compare) {
		row := result.Row{Bench: quantity.Bench, Subject: s.Name, Case: c.Name, Unit: quantity.Unit, At: time.Now().UTC().Truncate(time.Second)}
		if quantity == Outage {
			row.Limit = milliseconds(Limit)
		}
		problems = append(problems, p.Save(result.Summary(row, values[quantity])))
	}
	return errors.Join(problems...)
}

func (q Quantity) compare(other Quantity) int {
	return strings.Compare(q.Bench+" "+q.Unit, other.Bench+" "+other.Unit)
}

func (r Reading) String() string {
	var parts []string
	for _, quantity := range slices.SortedFunc(maps.Keys(r), Quantity.compare) {
		value := result.Number(r[quantity])
		name := map[Quantity]string{Outage: "silent ", Takeover: "moved in "}[quantity]
		switch {
		case value.IsNever():
			parts = append(parts, name+"never")
		case quantity.Unit == result.Milliseconds:
			parts = append(parts, fmt.Sprintf("%s%.0f ms", name, float64(value)))
		default:
			parts = append(parts, fmt.Sprintf("%.0f %s", float64(value), quantity.Unit))
		}
	}
	return strings.Join(parts, ", ")
}
