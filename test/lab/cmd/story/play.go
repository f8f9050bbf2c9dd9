package story

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Act is one part of a tale. It tells itself; an error ends the tale.
type Act struct {
	Title string
	Limit time.Duration // an act that takes longer has failed
	Play  func(context.Context) error
}

// ErrInterrupted is what Play returns when the one who watches has had enough.
var ErrInterrupted = errors.New("interrupted")

// Play plays the acts in their order up to the first that fails, whose error it returns. The evidence is what the scene shows then.
func Play(ctx context.Context, t *Teller, acts []Act, evidence func() string) error {
	for i, act := range acts {
		t.Act(i+1, act.Title)
		err := play(ctx, act)
		if ctx.Err() != nil {
			return ErrInterrupted
		}
		if err != nil {
			t.Failure(err, evidence())
			return fmt.Errorf("act %d, %q, failed", i+1, act.Title)
		}
	}
	return nil
}

func play(ctx context.Context, act Act) error {
	late := fmt.Errorf("it takes longer than %v", act.Limit)
	ctx, cancel := context.WithTimeoutCause(ctx, act.Limit, late)
	defer cancel()
	err := act.Play(ctx)
	if err == nil && ctx.Err() != nil {
		return late
	}
	return err
}
