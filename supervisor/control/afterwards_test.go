package control

import (
	"context"
	"net"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/status"
)

// next is the supervisor after a restart: it tells one thing after the other, and goes on with the last.
type next struct {
	*fake
	tells []status.Change
	looks chan int // how often it was asked
}

func (n next) Status(context.Context) (status.Snapshot, error) {
	i := <-n.looks
	n.looks <- i + 1
	if len(n.tells) == 0 {
		return status.Snapshot{}, nil
	}
	return status.Snapshot{Change: &n.tells[min(i, len(n.tells)-1)]}, nil
}

// restart serves at the socket of a supervisor that has ended.
func restart(t *testing.T, socket string, b Backend) {
	t.Helper()
	_ = os.Remove(socket)
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Error(err)
		return
	}
	changers, err := groupOf(l)
	if err != nil {
		t.Error(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, l, b, zerolog.Nop(), quick, changers) }()
	t.Cleanup(func() { cancel(); <-ended })
}

func TestChangeThroughARestart(t *testing.T) {
	now := time.Now()
	later := now.Add(time.Hour) // than any question of this test
	long := waits{pause: time.Millisecond, start: time.Hour, idle: time.Hour, end: time.Hour}
	short := func(change func(*waits)) waits { w := long; change(&w); return w }
	for _, row := range []struct {
		name    string
		request Request
		waits   waits
		tells   []status.Change
		entries []status.Entry
		want    status.Change
		err     string
		hint    string
	}{
		{"it goes on", Request{Verb: Reload}, long,
			[]status.Change{{Request: "reload", Asked: later, Phase: "verifying"}, {Request: "reload", Asked: later, Phase: "done", Outcome: status.Live, Generation: 7}}, nil,
			status.Change{Request: "reload", Phase: "done", Outcome: status.Live, Generation: 7}, "", ""},
		{"what lbsup apply installed meanwhile is activated", Request{Verb: Force}, long,
			[]status.Change{{}, {Request: "activate", By: "lbsup", Asked: later, Outcome: status.RolledBack}}, nil,
			status.Change{Request: "activate", By: "lbsup", Outcome: status.RolledBack}, "", ""},
		{"it waits for its confirmation", Request{Verb: Reload, Confirm: 60}, long,
			[]status.Change{{Request: "reload", Asked: later, Phase: "confirming"}}, nil,
			status.Change{Request: "reload", Phase: "confirming", Outcome: status.Unconfirmed}, "", ""},
		{"a rollback names its generation", Request{Verb: Rollback}, long,
			[]status.Change{{Request: "rollback-3", Asked: later, Outcome: status.Live}}, nil, status.Change{Request: "rollback-3", Outcome: status.Live}, "", ""},
		{"lbsup apply has refused it", Request{Verb: Reload}, long, nil,
			[]status.Entry{{Generation: 8, At: later, Request: "reload", Outcome: "rejected", Reason: "haproxy -c says no"}},
			status.Change{Request: "reload", Outcome: status.Refused, Generation: 8,
				Problems: []status.Problem{{Message: "haproxy -c says no", Hint: "lbsup validate tells all that is wrong with the cluster file"}}}, "", ""},
		{"nothing is known of it", Request{Verb: Reload}, short(func(w *waits) { w.idle = 0 }),
			[]status.Change{{Request: "reload", Asked: now.Add(-time.Hour), Outcome: status.Live}, {Request: "rollback-3", Asked: later, Outcome: status.Live}},
			[]status.Entry{{At: now.Add(-time.Hour), Request: "reload", Outcome: "rejected"}}, status.Change{Request: "asked again", Outcome: status.Unchanged}, "", ""},
		{"nothing is known of a rollback", Request{Verb: Rollback}, short(func(w *waits) { w.idle = 0 }), nil, nil, status.Change{},
			"cannot tell how the change ended: lbsup was restarted meanwhile and knows nothing of it", "lbsup history tells what is installed; if it was not begun, ask again"},
		{"it takes for ever", Request{Verb: Reload}, short(func(w *waits) { w.end = 0 }), []status.Change{{Request: "reload", Asked: later, Phase: "verifying"}}, nil, status.Change{},
			"cannot tell how the change ended: lbsup was restarted meanwhile, and the change still goes on", "lbsup status tells how far it is"},
		{"a confirmation", Request{Verb: Confirm}, long, nil, nil, status.Change{},
			"cannot tell how the change ended: the supervisor closed the connection", "lbsup status tells whether it still waits to be confirmed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := &fake{let: make(chan struct{}), started: make(chan struct{}, 1), err: context.Canceled}
			socket, stop := start(t, f, quick)
			restarted := make(chan struct{})
			go func() {
				defer close(restarted)
				<-f.started
				if err := stop(); err != nil {
					t.Error(err)
				}
				after := next{fake: &fake{entries: row.entries, change: status.Change{Request: "asked again", Outcome: status.Unchanged}}, tells: row.tells, looks: make(chan int, 1)}
				after.looks <- 0
				restart(t, socket, after)
			}()
			got, err := Client{Socket: socket, waits: row.waits}.Change(t.Context(), row.request, func(string) {})
			<-restarted
			if diff := cmp.Diff(row.want, got, cmpopts.IgnoreFields(status.Change{}, "Asked")); diff != "" && row.err == "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if text(err) != row.err {
				t.Errorf("got  %v\nwant %s", err, row.err)
			}
			if e, is := err.(*Error); is && e.Hint != row.hint {
				t.Errorf("got  hint %q\nwant %q", e.Hint, row.hint)
			}
		})
	}
}

func TestChangeWhoseSupervisorDoesNotComeBack(t *testing.T) {
	f := &fake{let: make(chan struct{}), started: make(chan struct{}, 1), err: context.Canceled}
	socket, stop := start(t, f, quick)
	go func() { <-f.started; _ = stop() }()
	_, err := Client{Socket: socket, waits: waits{pause: time.Millisecond, end: time.Hour}}.Change(t.Context(), Request{Verb: Reload}, func(string) {})
	if want := "cannot tell how the change ended: lbsup has ended and is not back"; text(err) != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestWhoHasEnoughOfWaiting(t *testing.T) {
	f := &fake{let: make(chan struct{}), started: make(chan struct{}, 1), err: context.Canceled}
	socket, stop := start(t, f, quick)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-f.started; _ = stop() }()
	waiting := func(text string) {
		if text == "lbsup has ended meanwhile: waiting for it to be back" {
			cancel()
		}
	}
	if _, err := (Client{Socket: socket}).Change(ctx, Request{Verb: Reload}, waiting); err != context.Canceled {
		t.Errorf("got %v, want context canceled", err)
	}
}
