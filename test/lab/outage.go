package lab

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Report sums up the samples of a probe, in the order in which they were sent.
type Report struct {
	Sent    int
	Failed  int
	Outages []Outage
	Samples []Sample
}

// Outage is the time for which nobody answered: from the last request before it that was answered to the first one after. Where no request
// was answered before or after, the first or last failed one is its end.
type Outage struct {
	From, To time.Time
	Failed   int
	Err      error // what the first of the failed requests met
}

// Length is how long nobody answered.
func (o Outage) Length() time.Duration { return o.To.Sub(o.From) }

// NewReport sorts samples and finds the outages among them.
func NewReport(samples []Sample) Report {
	sorted := slices.Clone(samples)
	slices.SortStableFunc(sorted, func(a, b Sample) int { return a.At.Compare(b.At) })
	r := Report{Sent: len(sorted), Samples: sorted}
	open := -1 // the outage that has no end yet
	for i, sample := range sorted {
		if sample.Err == nil {
			if open >= 0 {
				r.Outages[open].To = sample.At
			}
			open = -1
			continue
		}
		r.Failed++
		if open < 0 {
			from := sample.At
			if i > 0 {
				from = sorted[i-1].At
			}
			r.Outages = append(r.Outages, Outage{From: from, Err: sample.Err})
			open = len(r.Outages) - 1
		}
		r.Outages[open].Failed++
		r.Outages[open].To = sample.At
	}
	return r
}

// Longest is the length of the longest outage.
func (r Report) Longest() time.Duration {
	var longest time.Duration
	for _, outage := range r.Outages {
		longest = max(longest, outage.Length())
	}
	return longest
}

// Since leaves out what was sent before.
func (r Report) Since(t time.Time) Report {
	i, _ := slices.BinarySearchFunc(r.Samples, t, func(s Sample, t time.Time) int { return s.At.Compare(t) })
	return NewReport(r.Samples[i:])
}

// Until leaves out what was sent at that time and after.
func (r Report) Until(t time.Time) Report {
	i, _ := slices.BinarySearchFunc(r.Samples, t, func(s Sample, t time.Time) int { return s.At.Compare(t) })
	return NewReport(r.Samples[:i])
}

// Answered counts the answers by who gave them.
func (r Report) Answered() map[string]int {
	counts := map[string]int{}
	for _, sample := range r.Samples {
		if sample.Err == nil {
			counts[sample.From]++
		}
	}
	return counts
}

func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d requests, %d failed", r.Sent, r.Failed)
	for _, outage := range r.Outages {
		fmt.Fprintf(&b, "; silent for %d ms (%v)", outage.Length().Milliseconds(), outage.Err)
	}
	return b.String()
}
