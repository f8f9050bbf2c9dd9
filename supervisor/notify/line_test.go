package notify

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
)

// trying is a line with somebody at its end who does what a test says.
func trying(try func(context.Context, News) error) *line {
	l := newLine(toProgram("/bin/true"), time.Now, zerolog.Nop())
	l.try = try
	return l
}

func numbered(i int) News { return News{Event: cluster.Transition, Subject: fmt.Sprint(i)} }

func TestPausesBetweenTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var tries []time.Duration
		l := trying(func(context.Context, News) error {
			tries = append(tries, time.Since(begin))
			if len(tries) <= 9 {
				return errors.New("not yet")
			}
			return nil
		})
		l.deliver(t.Context(), numbered(1))
		const s = time.Second
		if diff := cmp.Diff([]time.Duration{0, s, 3 * s, 7 * s, 15 * s, 31 * s, 63 * s, 123 * s, 183 * s, 243 * s}, tries); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if got := l.told(); got.Told != 1 || got.Failed != 0 || got.Trouble != "" || !got.Troubled.IsZero() {
			t.Errorf("got %+v", got)
		}
	})
}

func TestGivingUp(t *testing.T) {
	for _, row := range []struct {
		name  string
		err   error
		after time.Duration
	}{
		{"for good", final{errors.New("no")}, 0},
		{"after an hour", errors.New("no"), time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				l := trying(func(context.Context, News) error { return row.err })
				l.deliver(t.Context(), numbered(1))
				if took := time.Since(begin); took > row.after || row.after-took > longestPause {
					t.Errorf("gave up after %s", took)
				}
				if got := l.told(); got.Failed != 1 || got.Told != 0 || got.Trouble != "no" || !got.Troubled.Equal(begin) {
					t.Errorf("got %+v", got)
				}
			})
		})
	}
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := trying(func(ctx context.Context, _ News) error { <-ctx.Done(); return final{ctx.Err()} })
		l.deliver(t.Context(), numbered(1))
		if got := l.told(); got.Trouble != "it took longer than 10s" {
			t.Errorf("got %+v", got)
		}
	})
}

// While one who is told hangs, news wait in order, the oldest make room, and who brings them does not wait.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []string
		l := trying(func(_ context.Context, n News) error { told = append(told, n.Subject); return nil })
		for i := range room + 3 {
			l.put(numbered(i))
		}
		if got := l.told(); got.Dropped != 3 || got.Waiting != room {
			t.Errorf("got %+v", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		go l.run(ctx)
		synctest.Wait()
		cancel()
		if len(told) != room || told[0] != "3" || told[room-1] != fmt.Sprint(room+2) {
			t.Errorf("told %d: %v", len(told), told)
		}
	})
}
