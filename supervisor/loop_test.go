package supervisor

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// world stands for everything outside the loop, and remembers what was done to it.
type world struct {
	installed state.Installed
	reports   []state.Report
	activate  func(state.Activate) error
	tracks    map[string]int
	applied   []string
	activated []state.Activate
	fed       int
	reading   time.Duration // how long it takes to read what is installed
	writing   time.Duration // how long a record takes
	recorded  []status.Change
	log       written // what the timeline does not tell
}

// supervise runs a loop over the world until the test ends.
func supervise(t *testing.T, w *world) *backend {
	ctx, cancel := context.WithCancel(t.Context())
	l := newLoop(state.State{WatchInput: true}, time.Now, zerolog.Nop())
	d := newDesk()
	w.tracks = map[string]int{}
	p := &performer{ctx: ctx, loop: l, desk: d, log: zerolog.New(&w.log), clerk: newClerk(), local: func() *cluster.Local { return l.State().Installed.Local }, hands: hands{
		writeTrack: func(i string, v int) error { w.tracks[i] = v; return nil },
		apply: func(_ context.Context, request string) (state.Report, error) {
			w.applied = append(w.applied, request)
			if len(w.reports) == 0 {
				return state.Report{}, errors.New("no such unit")
			}
			r := w.reports[0]
			w.reports = w.reports[1:]
			return r, nil
		},
		read: func() (state.Loaded, error) {
			if w.reading > 0 {
				time.Sleep(w.reading)
			}
			return state.Loaded{Installed: w.installed}, nil
		},
		drift: func() []string { return nil }, lookAgain: func() {},
		activate: func(_ context.Context, a state.Activate) (activation, error) {
			w.activated = append(w.activated, a)
			return activation{}, w.activate(a)
		},
		watch:    func(*cluster.Local) {},
		remember: func(state.Pending) error { return nil },
		promise:  func(state.Unproven) error { return nil },
		record: func(c status.Change, _ state.Running) error {
			time.Sleep(w.writing)
			w.recorded = append(w.recorded, c)
			return nil
		},
	}}
	l.perform, l.turned, l.alive = p.perform, func(state.State) {}, func() { w.fed++ }
	done, filed := make(chan error), make(chan error)
	go func() { done <- l.run(ctx) }()
	go func() { filed <- p.clerk.run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("the loop ended with %v", err)
		}
		if err := <-filed; !errors.Is(err, context.Canceled) {
			t.Errorf("the clerk ended with %v", err)
		}
		if log := w.log.String(); log != "" {
			t.Errorf("the journal has it twice: %s", log)
		}
	})
	<-l.ready
	l.send(ctx, state.Started{At: l.now()})
	return &backend{loop: l, desk: d, clock: time.Now, look: func(context.Context, *status.Snapshot) {}}
}

// well makes the daemons well.
func (w *world) well(b *backend, digest string) {
	now := time.Now()
	for _, name := range []string{state.HAProxyUnit, state.KeepalivedUnit} {
		b.loop.send(context.Background(), state.UnitChanged{At: state.At(now), Name: name, Unit: state.Unit{Active: "active", Result: "success", MainPID: 9, Since: now}})
	}
	w.answer(b, 101, digest)
}

func (w *world) answer(b *backend, pid int, digest string) {
	now := time.Now()
	b.loop.send(context.Background(), state.WorkerSeen{At: state.At(now), Worker: state.Worker{PID: pid, Digest: digest}})
	b.loop.send(context.Background(), state.Probed{At: state.At(now), Result: checks.Result{Check: checks.HAProxy, Health: checks.Healthy, At: now}})
}

func TestLoopTellsKeepalivedAndFeedsTheWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1")}
		b := supervise(t, w)
		w.well(b, "aaaa")
		synctest.Wait()
		if diff := cmp.Diff(map[string]int{"VI_1": 203}, w.tracks); diff != "" {
			t.Errorf("track files (-want +got):\n%s", diff)
		}
		time.Sleep(3*time.Second + time.Millisecond)
		synctest.Wait()
		if w.fed != 3 {
			t.Errorf("the watchdog was fed %d times in three seconds, want 3", w.fed)
		}
	})
}

func TestChangeIsAnsweredWhenItIsLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1"), reports: []state.Report{{Outcome: state.Committed, Generation: 4}}}
		b := supervise(t, w)
		w.well(b, "aaaa")
		synctest.Wait()
		w.installed.Number, w.installed.HAProxy = 4, "bbbb"
		w.activate = func(state.Activate) error {
			time.AfterFunc(time.Millisecond, func() { w.answer(b, 102, "bbbb") })
			return nil
		}
		var told []string
		got, err := b.Change(t.Context(), control.Request{Verb: "reload", By: "alice"}, func(text string) { told = append(told, text) })
		if err != nil || got.Outcome != status.Live || got.Generation != 4 || got.By != "alice" {
			t.Errorf("got %+v, %v", got, err)
		}
		want := []string{"rendering and checking", "reload of haproxy.service: a file that HAProxy loads, a password, or HAProxy itself changed"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
	})
}

func TestDeathWhileLbsupReadsIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1")}
		b := supervise(t, w)
		w.well(b, "aaaa")
		synctest.Wait()
		w.reading = time.Second / 2
		b.loop.send(t.Context(), state.OutputChanged{At: b.loop.now()})
		now := time.Now()
		b.loop.send(t.Context(), state.Probed{At: state.At(now), Result: checks.Result{Check: checks.HAProxy, Health: checks.Failed, Sure: true, At: now}})
		synctest.Wait()
		if diff := cmp.Diff(map[string]int{"VI_1": -254}, w.tracks); diff != "" {
			t.Errorf("track files (-want +got):\n%s", diff)
		}
		time.Sleep(w.reading)
	})
}

// Who is told that a change is live can rely on it: a power cut right after it finds the record on the disk.
func TestAnswerComesAfterTheRecordAndTheLoopWaitsForNeither(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1"), writing: time.Second / 2}
		b := supervise(t, w)
		w.well(b, "aaaa")
		synctest.Wait()
		asked := time.Now()
		answered := make(chan time.Duration)
		go func() {
			if _, err := b.Change(t.Context(), control.Request{Verb: "reload", By: "alice"}, func(string) {}); err != nil {
				t.Error(err)
			}
			answered <- time.Since(asked)
		}()
		synctest.Wait()
		now := time.Now()
		b.loop.send(t.Context(), state.Probed{At: state.At(now), Result: checks.Result{Check: checks.HAProxy, Health: checks.Failed, Sure: true, At: now}})
		synctest.Wait()
		if w.tracks["VI_1"] != -254 {
			t.Errorf("while a record is written keepalived has %d, want -254", w.tracks["VI_1"])
		}
		if took := <-answered; took != w.writing || len(w.recorded) != 1 {
			t.Errorf("answered after %v with %d records, want %v and one", took, len(w.recorded), w.writing)
		}
	})
}

func TestApplyThatCannotRunIsARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1")}
		b := supervise(t, w)
		got, err := b.Change(t.Context(), control.Request{Verb: "overwrite", By: "alice"}, func(string) {})
		if err != nil || got.Outcome != status.Refused || got.Problems[0].Message != "no such unit" {
			t.Errorf("got %+v, %v", got, err)
		}
		if diff := cmp.Diff([]string{"overwrite"}, w.applied); diff != "" {
			t.Errorf("applied (-want +got):\n%s", diff)
		}
	})
}

func TestUnreachableMasterLeadsToOneRestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{installed: installed(t, "loadbalancer-1"), reports: []state.Report{{Outcome: state.Committed, Generation: 4}}}
		b := supervise(t, w)
		w.well(b, "aaaa")
		synctest.Wait()
		w.installed.Number, w.installed.HAProxy = 4, "bbbb"
		w.activate = func(a state.Activate) error {
			if a.How == state.Reload {
				return &haproxy.ReloadError{Failure: haproxy.Unreachable}
			}
			time.AfterFunc(time.Millisecond, func() { w.answer(b, 102, "bbbb") })
			return nil
		}
		got, err := b.Change(t.Context(), control.Request{Verb: "reload"}, func(string) {})
		if err != nil || got.Outcome != status.Live {
			t.Errorf("got %+v, %v", got, err)
		}
		var hows []state.How
		for _, a := range w.activated {
			hows = append(hows, a.How)
		}
		if diff := cmp.Diff([]state.How{state.Reload, state.Restart}, hows); diff != "" {
			t.Errorf("activations (-want +got):\n%s", diff)
		}
	})
}

func TestWhoLeavesMissesTheAnswerAndNobodyElseDoes(t *testing.T) {
	d := newDesk()
	gone, _ := d.arrive()
	id, v := d.arrive()
	d.leave(gone)
	d.answer(gone, status.Change{})
	for range 2 * progressBacklog {
		d.progress(id, "on its way") // nobody listens; the loop must not wait
	}
	d.answer(id, status.Change{Outcome: status.Live})
	if got := <-v.answer; got.Outcome != status.Live {
		t.Errorf("got %+v", got)
	}
}
