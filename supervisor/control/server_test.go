package control

import (
	"context"
	"errors"
	"os/user"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func TestQuestions(t *testing.T) {
	f := &fake{
		snapshot: status.Snapshot{Cluster: "ocp0", Node: "lb1", Well: true, Time: time.Unix(1700000000, 0).UTC()},
		plan:     status.Plan{Effects: []status.Effect{{What: "reload HAProxy", Reason: "service web is new"}}},
		entries:  []status.Entry{{Generation: 2, Request: "reload", Outcome: "live"}},
	}
	socket, stop := start(t, f, quick)
	c := Client{Socket: socket}
	ctx := t.Context()

	s, err := c.Status(ctx)
	if diff := cmp.Diff([]any{f.snapshot, ""}, []any{s, text(err)}); diff != "" {
		t.Errorf("Status (-want +got)\n%s", diff)
	}
	p, err := c.Plan(ctx)
	if diff := cmp.Diff([]any{f.plan, ""}, []any{p, text(err)}); diff != "" {
		t.Errorf("Plan (-want +got)\n%s", diff)
	}
	h, err := c.History(ctx)
	if diff := cmp.Diff([]any{f.entries, ""}, []any{h, text(err)}); diff != "" {
		t.Errorf("History (-want +got)\n%s", diff)
	}
	if err := stop(); err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestBackendErrors(t *testing.T) {
	socket, _ := start(t, &fake{err: errors.New("cannot plan: no cluster file")}, quick)
	_, err := Client{Socket: socket}.Plan(t.Context())
	if diff := cmp.Diff("cannot plan: no cluster file", text(err)); diff != "" {
		t.Errorf("Plan (-want +got)\n%s", diff)
	}
	_, err = Client{Socket: socket}.Change(t.Context(), Request{Verb: Reload}, func(string) {})
	if diff := cmp.Diff("cannot plan: no cluster file", text(err)); diff != "" {
		t.Errorf("Change (-want +got)\n%s", diff)
	}
}

func TestChange(t *testing.T) {
	f := &fake{says: []string{"applying", "activating"}, change: status.Change{Outcome: status.Live, Generation: 7}}
	socket, _ := start(t, f, quick)
	var progress []string
	got, err := Client{Socket: socket}.Change(t.Context(), Request{Verb: Rollback, To: 6, By: "mallory"},
		func(p string) { progress = append(progress, p) })
	if err != nil {
		t.Fatal(err)
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	want := []any{f.change, f.says, []Request{{Verb: Rollback, To: 6, By: me.Username}}}
	if diff := cmp.Diff(want, []any{got, progress, f.requests()}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBadRequestsChangeNothing(t *testing.T) {
	f := &fake{}
	socket, _ := start(t, f, quick)
	_, err := Client{Socket: socket}.Change(t.Context(), Request{Verb: "explode"}, func(string) {})
	if diff := cmp.Diff(`cannot do request "explode": want reload, overwrite, force, overwrite-force, rollback or confirm`, text(err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := f.requests(); len(got) != 0 {
		t.Errorf("the backend was asked for %+v", got)
	}
}

func TestAClientThatGoesAwayDoesNotEndTheChange(t *testing.T) {
	f := &fake{let: make(chan struct{}), started: make(chan struct{}, 1), ended: make(chan error, 1)}
	socket, stop := start(t, f, quick)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := Client{Socket: socket}.Change(ctx, Request{Verb: Reload}, func(string) {})
		gone <- err
	}()
	<-f.started
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("Change: got %v, want that it was canceled", err)
	}
	if _, err := (Client{Socket: socket}).Status(t.Context()); err != nil {
		t.Errorf("Status beside a change: %v", err)
	}
	close(f.let)
	if err := <-f.ended; err != nil {
		t.Errorf("the change was ended: %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestTheEndOfTheSupervisorEndsTheChange(t *testing.T) {
	f := &fake{let: make(chan struct{}), started: make(chan struct{}, 1), ended: make(chan error, 1),
		change: status.Change{Outcome: status.Broken}}
	socket, stop := start(t, f, quick)
	got := make(chan status.Change, 1)
	go func() {
		c, _ := Client{Socket: socket}.Change(context.Background(), Request{Verb: Reload}, func(string) {})
		got <- c
	}()
	<-f.started
	if err := stop(); err != nil {
		t.Error(err)
	}
	if err := <-f.ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the change saw %v, want context canceled", err)
	}
	if c := <-got; c.Outcome != status.Broken {
		t.Errorf("the client was not told how it ended: %+v", c)
	}
}

// A long answer must outlive the deadline for sending a request: it once ended the request's context.
func TestASlowPlanIsAnswered(t *testing.T) {
	b := slow{fake: &fake{plan: status.Plan{Notes: []string{"slow"}}}, takes: 3 * quick.ask}
	socket, _ := start(t, b, quick)
	p, err := Client{Socket: socket}.Plan(t.Context())
	if err != nil || len(p.Notes) != 1 {
		t.Errorf("Plan = %+v, %v", p, err)
	}
}

type slow struct {
	*fake
	takes time.Duration
}

func (s slow) Plan(ctx context.Context) (status.Plan, error) {
	select {
	case <-time.After(s.takes):
		return s.fake.Plan(ctx)
	case <-ctx.Done():
		return status.Plan{}, ctx.Err()
	}
}
