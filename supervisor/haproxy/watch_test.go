package haproxy

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
)

func healthy(o Observation) bool  { return o.Result.Health == checks.Healthy }
func failed(o Observation) bool   { return o.Result.Health == checks.Failed }
func doubtful(o Observation) bool { return o.Result.Health == checks.Doubtful }

// never are the intervals of a watch that only an event can wake.
const never = time.Hour

func TestWatchSeesEveryDeath(t *testing.T) {
	for _, test := range []struct {
		name   string
		victim func(d *daemon, worker int) int
		signal syscall.Signal
	}{
		{"worker killed", func(d *daemon, worker int) int { return worker }, syscall.SIGKILL},
		{"worker crashed", func(d *daemon, worker int) int { return worker }, syscall.SIGSEGV},
		{"master killed", func(d *daemon, _ int) int { return d.command.Process.Pid }, syscall.SIGKILL},
		{"master told to end", func(d *daemon, _ int) int { return d.command.Process.Pid }, syscall.SIGTERM},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDaemon(t)
			info := d.started()
			watch := d.watch(never, time.Second) // no interval helps: it is the end of the process that is seen
			first := watch.next(0, "healthy", healthy)
			if first.Info.PID != info.PID || first.Info.Description != "lbsup first" {
				t.Fatalf("the first observation is of %+v, want %+v", first.Info, info)
			}
			d.kill(test.victim(d, info.PID), test.signal)
			began := time.Now()
			death := watch.next(1, "failed", failed)
			t.Logf("seen after %v: %s", death.Result.At.Sub(began), death.Result.Reason)
			if !death.Result.Sure || death.Result.Check != checks.HAProxy {
				t.Errorf("got %+v, want a sure result of the haproxy check", death.Result)
			}
		})
	}
}

func TestWatchSeesTheReturn(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	watch := d.watch(never, time.Second)
	watch.next(0, "healthy", healthy)
	for range 3 {
		seen := watch.count()
		d.kill(info.PID, syscall.SIGKILL)
		watch.next(seen, "failed", failed)
		<-d.ended
		seen = watch.count()
		d.start()
		back := watch.next(seen, "healthy", healthy)
		if back.Info.PID == info.PID {
			t.Fatal("the dead worker answered")
		}
		info = back.Info
	}
}

func TestWatchLooksAgainWhenAsked(t *testing.T) {
	d := newDaemon(t)
	d.started()
	watch := d.watch(never, time.Second)
	watch.next(0, "healthy", healthy)
	for n := range 3 {
		watch.again <- struct{}{}
		watch.next(n+1, "healthy", healthy)
	}
}

// Nothing is running when the watch begins: the second refusal is certain.
func TestWatchBeginsWithoutHAProxy(t *testing.T) {
	d := newDaemon(t)
	watch := d.watch(50*time.Millisecond, time.Second)
	first := watch.next(0, "failed", failed)
	if want := "HAProxy is not running: "; !strings.HasPrefix(first.Result.Reason, want) || !first.Result.Sure {
		t.Errorf("got %+v, want a sure result that begins with %q", first.Result, want)
	}
	d.start()
	watch.next(0, "healthy", healthy)
}

func TestWatchDoubtsAWedgedWorker(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	watch := d.watch(20*time.Millisecond, 100*time.Millisecond)
	watch.next(0, "healthy", healthy)
	d.kill(info.PID, syscall.SIGSTOP)
	seen := watch.count()
	doubt := watch.next(seen, "in doubt", doubtful)
	if want := "HAProxy's runtime API gave no answer within 100ms"; doubt.Result.Reason != want || doubt.Result.Sure {
		t.Errorf("got %+v, want the reason %q and no certainty", doubt.Result, want)
	}
	d.kill(info.PID, syscall.SIGCONT)
	watch.next(watch.count(), "healthy", healthy)
	for _, o := range watch.since(0) {
		if failed(o) {
			t.Fatalf("a wedged worker was called dead:\n%s", watch.story(0))
		}
	}
	d.kill(info.PID, syscall.SIGSTOP)
	watch.next(watch.count(), "in doubt", doubtful)
	d.kill(info.PID, syscall.SIGKILL)
	watch.next(watch.count(), "failed", failed)
}

// Reloads in a burst, while clients keep old workers alive and let them go: none of it is a death.
func TestWatchTakesNoReloadForADeath(t *testing.T) {
	for _, test := range []struct{ name, socket string }{
		{"listeners handed over", "expose-fd listeners"},
		{"listeners bound anew", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newDaemon(t)
			d.configureSocket("first", test.socket, "")
			d.started()
			watch := d.watch(10*time.Millisecond, 2*time.Second)
			watch.next(0, "healthy", healthy)
			for range 25 {
				client, err := net.Dial("tcp", d.address)
				if err != nil {
					t.Fatal(err)
				}
				d.until("the master takes a reload", func() error {
					_, err := d.master().Reload(d.context()) // it refuses while it executes itself again
					return err
				})
				client.Close()
			}
			d.until("a new worker answers", func() error {
				_, err := d.master().Processes(d.context())
				return err
			})
			watch.next(watch.count(), "healthy", healthy)
			watch.stop()
			replaced := map[int]bool{}
			for _, o := range watch.since(0) {
				if !healthy(o) {
					t.Fatalf("a reload was taken for trouble:\n%s", watch.story(0))
				}
				replaced[o.Info.PID] = true
			}
			t.Logf("%d observations of %d workers", watch.count(), len(replaced))
			if len(replaced) < 3 {
				t.Errorf("only %d workers were seen: the reloads did nothing", len(replaced))
			}
		})
	}
}

// A watch that sleeps through a reload is woken by the end of the old worker, and finds the new one.
func TestWatchFollowsTheNewWorker(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	watch := d.watch(never, time.Second)
	watch.next(0, "healthy", healthy)
	d.configure("second", "")
	proof, err := d.reloader().Reload(d.context(), "second")
	if err != nil {
		t.Fatal(err)
	}
	seen := watch.next(1, "healthy", healthy)
	if seen.Info.PID != proof.Worker || proof.Worker == info.PID || seen.Info.Description != "lbsup second" {
		t.Errorf("got %+v after the reload, want worker %d", seen.Info, proof.Worker)
	}
	d.kill(proof.Worker, syscall.SIGKILL)
	watch.next(2, "failed", failed)
}

// Without any means to watch processes the interval still finds the death.
func TestWatchWithoutPidfds(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	watch := Watch{
		Runtime: d.runtime(), Interval: 20 * time.Millisecond, Timeout: time.Second,
		Exited: func(context.Context, int) (<-chan struct{}, error) { return nil, errors.New("no pidfd") },
	}
	o := &observer{t: t, added: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- watch.Run(ctx, o.add) }()
	o.next(0, "healthy", healthy)
	d.kill(info.PID, syscall.SIGKILL)
	death := o.next(0, "failed", failed)
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run ended with %v", err)
	}
	if !death.Result.Sure {
		t.Errorf("got %+v, want a sure result", death.Result)
	}
}

// A worker of another PID namespace has a PID that says nothing here: the process seems to have ended, and yet it answers.
func TestWatchAcrossPIDNamespaces(t *testing.T) {
	d := newDaemon(t)
	d.started()
	over := make(chan struct{})
	close(over)
	var watched atomic.Int32
	watch := Watch{
		Runtime: d.runtime(), Interval: 20 * time.Millisecond, Timeout: time.Second,
		Exited: func(context.Context, int) (<-chan struct{}, error) {
			watched.Add(1)
			return over, nil
		},
	}
	o := &observer{t: t, added: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- watch.Run(ctx, o.add) }()
	o.next(0, "healthy many times", func(Observation) bool { return o.count() > 10 })
	cancel()
	<-done
	for _, seen := range o.since(0) {
		if !healthy(seen) {
			t.Fatalf("a living worker was not healthy:\n%s", o.story(0))
		}
	}
	// To watch it again each time would be a question without a pause after each answer.
	if n := watched.Load(); n != 1 {
		t.Errorf("the process was watched %d times, want once", n)
	}
}

// What is known to have ended and answers all the same is not what answers, so its end says nothing about HAProxy.
func TestFollowGivesUpOnAStranger(t *testing.T) {
	over := make(chan struct{})
	close(over)
	r := round{worker: process{pid: 7, end: over}}
	answer := finding{info: Info{PID: 7}, worker: ended}
	r.follow(t.Context(), answer)
	if got := r.worker.life(); got != ended {
		t.Errorf("before its end was heeded: got %v, want ended", got)
	}
	r.worker.heeded = true
	r.follow(t.Context(), answer)
	if got := r.worker.life(); got != unknown {
		t.Errorf("got %v, want unknown", got)
	}
}
