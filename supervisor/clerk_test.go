package supervisor

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestClerkLeavesNothingUndone(t *testing.T) {
	c := newClerk()
	ctx, cancel := context.WithCancel(t.Context())
	var done []int
	for n := range 3 {
		c.file(ctx, func() { done = append(done, n) })
	}
	cancel()
	if err := c.run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	for range desktop {
		c.papers <- func() {}
	}
	c.file(ctx, func() { done = append(done, 3) })
	if !slices.Equal(done, []int{0, 1, 2, 3}) {
		t.Errorf("done: %v", done)
	}
}
