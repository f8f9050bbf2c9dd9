package haproxy

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/kernel"
)

// watch runs the check against the daemon and keeps all that it says.
func (d *daemon) watch(interval, timeout time.Duration) *observer {
	o := &observer{t: d.t, added: make(chan struct{}, 1), again: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan struct{})
	watch := Watch{Runtime: d.runtime(), Interval: interval, Timeout: timeout, Exited: kernel.Exit, Parent: kernel.Parent, Again: o.again}
	go func() {
		defer close(done)
		if err := watch.Run(ctx, o.add); err != nil {
			d.t.Errorf("Run ended with %v", err)
		}
	}()
	o.stop = func() { cancel(); <-done }
	d.t.Cleanup(o.stop)
	return o
}

// observer keeps what a watch says.
type observer struct {
	t     testing.TB
	stop  func()
	added chan struct{}
	again chan struct{}
	mu    sync.Mutex
	all   []Observation
}

func (o *observer) add(next Observation) {
	o.mu.Lock()
	o.all = append(o.all, next)
	o.mu.Unlock()
	select {
	case o.added <- struct{}{}:
	default:
	}
}

func (o *observer) since(n int) []Observation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Observation(nil), o.all[n:]...)
}

func (o *observer) count() int { return len(o.since(0)) }

// next waits for the first observation from number n on that is wanted.
func (o *observer) next(n int, what string, wanted func(Observation) bool) Observation {
	o.t.Helper()
	deadline := time.After(15 * time.Second)
	for {
		for _, seen := range o.since(n) {
			if wanted(seen) {
				return seen
			}
		}
		select {
		case <-o.added:
		case <-deadline:
			o.t.Fatalf("it was never said that HAProxy is %s, but:\n%s", what, o.story(n))
		}
	}
}

func (o *observer) story(n int) string {
	var text strings.Builder
	for _, seen := range o.since(n) {
		fmt.Fprintf(&text, "%v sure=%v pid=%d: %s\n", seen.Result.Health, seen.Result.Sure, seen.Info.PID, seen.Result.Reason)
	}
	return text.String()
}
