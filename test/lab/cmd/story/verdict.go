package story

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// fewest is how many requests must have been sent before they prove anything.
const fewest = 50

// Unbroken complains unless every request was answered.
func Unbroken(r lab.Report) error {
	if err := enough(r); err != nil {
		return err
	}
	if r.Failed > 0 {
		return fmt.Errorf("expected no failed request; got %v", r)
	}
	return nil
}

// Recovered complains unless requests are answered again, and nobody was silent for longer than the limit.
func Recovered(r lab.Report, limit time.Duration) error {
	if err := enough(r); err != nil {
		return err
	}
	if last := r.Samples[len(r.Samples)-1]; last.Err != nil {
		return fmt.Errorf("expected answers at the end; got %v", last.Err)
	}
	if r.Longest() > limit {
		return fmt.Errorf("expected a silence of %v at most; got %v", limit, r)
	}
	return nil
}

func enough(r lab.Report) error {
	if r.Sent < fewest {
		return fmt.Errorf("expected %d requests at least; got %d", fewest, r.Sent)
	}
	return nil
}

// FirstAnswer is when the first answer came, false if none did.
func FirstAnswer(r lab.Report) (time.Time, bool) {
	var first time.Time
	for _, sample := range r.Samples {
		if at := sample.At.Add(sample.Took); sample.Err == nil && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, !first.IsZero()
}

// Requests says how many there were and how many of them were answered.
func Requests(r lab.Report) string {
	if r.Failed == 0 {
		return fmt.Sprintf("%d requests, all answered", r.Sent)
	}
	return fmt.Sprintf("%d requests, %d answered, %d failed", r.Sent, r.Sent-r.Failed, r.Failed)
}

// Silence is how long the client heard nothing.
func Silence(r lab.Report) string {
	if r.Failed == 0 {
		return "never silent"
	}
	return "silent for " + Span(r.Longest())
}

// Span is a time as a person says it.
func Span(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
