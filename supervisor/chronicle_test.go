package supervisor

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// written is a log that a test may read while it is written.
type written struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(p)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.String()
}

// chronicled keeps a chronicle until the test ends.
func chronicled(t *testing.T, dir string, log zerolog.Logger) (c *chronicle, stop func()) {
	t.Helper()
	c = newChronicle(dir, time.Now, func() status.Snapshot {
		return status.Snapshot{Time: time.Now(), Node: "lb-a", Checks: []status.Check{{Name: "haproxy", Health: "healthy"}}}
	}, log)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.keeper.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return c, stop
}

// stall has the loop tell of a timer that was late by so many seconds.
func (c *chronicle) stall(seconds int) {
	now := time.Now()
	before := state.State{Ticked: now}
	tick := state.Tick{At: state.At(now.Add(time.Duration(1+seconds) * time.Second))}
	after, actions := state.Step(before, tick)
	c.stepped(before, after, tick, actions)
}

// follow collects what a question tells until it has told so many.
func follow(t *testing.T, c *chronicle, q control.Past, want int) []status.Moment {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var all []status.Moment
	q.Follow = true
	_ = c.Events(ctx, q, func(ms []status.Moment) error {
		if all = append(all, ms...); len(all) >= want {
			cancel()
		}
		return nil
	})
	if len(all) != want {
		t.Fatalf("got %v, want %d", all, want)
	}
	return all
}

func TestAChronicleTellsWhatTheLoopWentThrough(t *testing.T) {
	var log written
	dir := filepath.Join(t.TempDir(), "timeline")
	c, stop := chronicled(t, dir, zerolog.New(&log))
	c.stall(1)
	c.stall(2)
	got := follow(t, c, control.Past{}, 2)
	if got[0].Fields["late_seconds"] != "1.000" || got[1].Fields["late_seconds"] != "2.000" {
		t.Errorf("got %v", got)
	}
	stop()

	c, _ = chronicled(t, dir, zerolog.Nop()) // another supervisor goes on with it
	c.stall(3)
	all := follow(t, c, control.Past{}, 4)
	if all[2].Text != "lbsup ends, as it was told to" || all[3].Fields["late_seconds"] != "3.000" {
		t.Errorf("got %v", all)
	}
	var line map[string]any
	first, _, _ := strings.Cut(log.String(), "\n")
	if err := json.Unmarshal([]byte(first), &line); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"level": "warn", "kind": "clock", "subject": "lbsup", "late_seconds": "1.000",
		"message": "a timer of lbsup fired 1s late: the host stood still or had no time for it",
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("the log (-want +got)\n%s", diff)
	}
}

func TestQuestionsAreAnsweredInPart(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	c.stall(1)
	c.keeper.Put(status.Moment{Time: time.Now().Add(-time.Hour), Kind: status.RoleKind, Text: "an hour ago"})
	c.keeper.Put(status.Moment{Time: time.Now(), Kind: status.RoleKind, Text: "now"})
	follow(t, c, control.Past{}, 3)
	for _, row := range []struct {
		name string
		ask  control.Past
		want int
	}{
		{"since", control.Past{Since: time.Now().Add(-time.Minute)}, 2},
		{"kind", control.Past{Kinds: []status.Kind{status.RoleKind}}, 2},
		{"both", control.Past{Since: time.Now().Add(-time.Minute), Kinds: []status.Kind{status.RoleKind}}, 1},
		{"none", control.Past{Kinds: []status.Kind{status.DriftKind}}, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := 0
			err := c.Events(t.Context(), row.ask, func(ms []status.Moment) error { got += len(ms); return nil })
			if err != nil || got != row.want {
				t.Errorf("got %d, %v, want %d", got, err, row.want)
			}
		})
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "00000001.jsonl"), []byte("oh\nno\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, _ := chronicled(t, dir, zerolog.Nop())
	if got := follow(t, c, control.Past{}, 1); got[0].Text != "2 lines of the timeline cannot be read" {
		t.Errorf("got %v", got)
	}
}

func TestWhyIsAnsweredFromTheRecord(t *testing.T) {
	c, _ := chronicled(t, t.TempDir(), zerolog.Nop())
	c.keeper.Put(status.Moment{Time: time.Now(), Kind: status.CheckKind, Subject: "haproxy", Text: "check haproxy failed", Reason: "gone", Fields: map[string]string{"to": "failed"}})
	follow(t, c, control.Past{}, 1)
	a, err := c.Why(t.Context(), control.Why{About: "haproxy"})
	if err != nil || a.What != "check haproxy failed" || a.Because != "gone" {
		t.Errorf("got %+v, %v", a, err)
	}
	if _, err := c.Why(t.Context(), control.Why{About: "VI_9"}); err == nil {
		t.Error("it explains what there is not")
	}
}

func TestGrave(t *testing.T) {
	for _, row := range []struct {
		m    status.Moment
		want bool
	}{
		{status.Moment{Kind: status.CheckKind, Fields: map[string]string{"to": "failed"}}, true},
		{status.Moment{Kind: status.CheckKind, Fields: map[string]string{"to": "in doubt"}}, true},
		{status.Moment{Kind: status.CheckKind, Fields: map[string]string{"to": "healthy"}}, false},
		{status.Moment{Kind: status.RoleKind, Fields: map[string]string{"to": "FAULT"}}, true},
		{status.Moment{Kind: status.RoleKind, Fields: map[string]string{"to": "MASTER"}}, false},
		{status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"outcome": "live"}}, false},
		{status.Moment{Kind: status.ChangeKind, Fields: map[string]string{"outcome": "refused"}}, true},
		{status.Moment{Kind: status.ActivationKind, Fields: map[string]string{"outcome": "failed"}}, true},
		{status.Moment{Kind: status.OrphanKind, Fields: map[string]string{"to": "true"}}, true},
		{status.Moment{Kind: status.OrphanKind, Fields: map[string]string{"to": "false"}}, false},
		{status.Moment{Kind: status.TroubleKind}, true},
		{status.Moment{Kind: status.ChangeKind}, false},
	} {
		if got := grave(row.m); got != row.want {
			t.Errorf("%+v: got %v", row.m, got)
		}
	}
}
