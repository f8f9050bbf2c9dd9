package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

const (
	every = 5 * time.Millisecond
	// TCP sends a lost SYN again after a second (RFC 6298): a client that waited longer would not see that the first was lost.
	patience = 900 * time.Millisecond
	// calm is how long the client watches before something happens, and after.
	calm = 500 * time.Millisecond
)

// watched lets the client ask while something happens: for a while before, and for a while after.
func (s *stage) watched(ctx context.Context, happens func(context.Context) error) (lab.Report, error) {
	probe := s.pair.Lab.Probe(pair.URL, every, patience)
	err := pause(ctx, calm)
	if err == nil {
		err = happens(ctx)
	}
	if err == nil {
		err = pause(ctx, calm)
	}
	report := probe.Stop()
	if err != nil {
		return report, fmt.Errorf("%w (the client: %v)", err, report)
	}
	return report, nil
}

// pause lets time pass for the client, who asks meanwhile.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
