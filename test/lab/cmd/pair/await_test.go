package pair

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestAwait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errors.New("it is late"))
		defer cancel()
		looks := 0
		err := Await(ctx, func(context.Context) error {
			if looks++; looks < 3 {
				return errors.New("not yet")
			}
			return nil
		})
		if err != nil || looks != 3 {
			t.Errorf("after %d looks: %v", looks, err)
		}

		err = Await(ctx, func(ctx context.Context) error {
			if ctx.Err() != nil {
				return errors.New("cannot look")
			}
			return errors.New("the VIP is away")
		})
		if want := "waited in vain (it is late): the VIP is away"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
}
