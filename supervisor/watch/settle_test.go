package watch

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSettle(t *testing.T) {
	const quiet, most = 100 * time.Millisecond, 250 * time.Millisecond
	type at struct {
		after time.Duration // since the one before
		path  string
	}
	for _, test := range []struct {
		name string
		in   []at
		want []string // "time paths"
	}{
		{"one", []at{{0, "a"}}, []string{"100ms a"}},
		{"a burst is one", []at{{0, "b"}, {10 * time.Millisecond, "a"}, {10 * time.Millisecond, "b"}}, []string{"120ms a b"}},
		{"two apart", []at{{0, "a"}, {150 * time.Millisecond, "a"}}, []string{"100ms a", "250ms a"}},
		{
			"never quiet", []at{{0, "a"}, {80 * time.Millisecond, "b"}, {80 * time.Millisecond, "c"}, {80 * time.Millisecond, "d"}, {80 * time.Millisecond, "e"}},
			[]string{"250ms a b c d", "420ms e"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				in := make(chan string)
				began := time.Now()
				var got []string
				go Settle(ctx, in, quiet, most, func(paths []string) {
					got = append(got, time.Since(began).String()+" "+strings.Join(paths, " "))
				})
				for _, event := range test.in {
					time.Sleep(event.after)
					in <- event.path
				}
				time.Sleep(time.Second)
				cancel()
				synctest.Wait()
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestSettleEmitsWhatWaitsWhenNoMoreComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := make(chan string, 2)
		in <- "b"
		in <- "a"
		close(in)
		var got []string
		Settle(t.Context(), in, time.Hour, time.Hour, func(paths []string) { got = append(got, paths...) })
		if diff := cmp.Diff([]string{"a", "b"}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
