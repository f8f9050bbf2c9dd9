package story

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPlay(t *testing.T) {
	fine := func(context.Context) error { return nil }
	fails := func(context.Context) error { return errors.New("expected the VIP on b") }
	hangs := func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }
	dawdles := func(context.Context) error { time.Sleep(time.Hour); return nil }
	act := func(title string, play func(context.Context) error) Act { return Act{title, time.Minute, play} }
	for _, row := range []struct {
		name      string
		acts      []Act
		err, told string
	}{
		{"all succeed", []Act{act("one", fine), act("two", fine)}, "", "\n 1 one\n\n 2 two\n"},
		{"the second fails", []Act{act("one", fine), act("two", fails), act("three", fine)}, `act 2, "two", failed`,
			"\n 1 one\n\n 2 two\n   FAILED: this act failed\n      expected the VIP on b\n\n      the journal\n"},
		{"one hangs", []Act{act("one", hangs), act("two", fine)}, `act 1, "one", failed`,
			"\n 1 one\n   FAILED: this act failed\n      it takes longer than 1m0s\n\n      the journal\n"},
		{"one heeds no deadline", []Act{act("one", dawdles), act("two", fine)}, `act 1, "one", failed`,
			"\n 1 one\n   FAILED: this act failed\n      it takes longer than 1m0s\n\n      the journal\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out strings.Builder
				err := Play(t.Context(), NewTeller(&out, Style{Width: 80}), row.acts, func() string { return "the journal\n" })
				if diff := cmp.Diff([]string{row.err, row.told}, []string{text(err), out.String()}); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestPlayInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	acts := []Act{
		{"one", time.Minute, func(ctx context.Context) error { interrupt(); <-ctx.Done(); return errors.New("cannot ask") }},
		{"two", time.Minute, func(context.Context) error { t.Error("the second act was played"); return nil }},
	}
	var out strings.Builder
	err := Play(ctx, NewTeller(&out, Style{Width: 80}), acts, func() string { t.Error("nobody wants evidence now"); return "" })
	if !errors.Is(err, ErrInterrupted) || out.String() != "\n 1 one\n" {
		t.Errorf("got %v and %q", err, out.String())
	}
}
