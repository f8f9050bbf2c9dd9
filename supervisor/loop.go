package supervisor

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/state"
)

// tick is how often the loop looks at the time by itself. It feeds the systemd watchdog, so a loop that hangs is noticed.
const tick = time.Second

// loop owns the state. Everybody else sends events and reads what was published.
type loop struct {
	events  chan state.Event
	clock   func() time.Time
	perform func(state.Action) []state.Event // what an action that is done at once leads to
	turned  func(state.State)                // after each turn: publish
	alive   func()                           // at each tick: feed the watchdog
	log     zerolog.Logger

	// stepped is told of each step, once what is done at once was done: a timeline delays nothing.
	stepped func(before, after state.State, e state.Event, actions []state.Action)

	published atomic.Pointer[state.State]
	ready     chan struct{} // closed after the first turn
}

// backlog is how many events may wait. An adapter that finds it full waits too: no event is dropped.
const backlog = 256

func newLoop(initial state.State, clock func() time.Time, log zerolog.Logger) *loop {
	l := &loop{events: make(chan state.Event, backlog), clock: clock, log: log, ready: make(chan struct{})}
	l.stepped = func(state.State, state.State, state.Event, []state.Action) {}
	l.published.Store(&initial)
	return l
}

// State returns what the loop believed after its last turn. A State never changes once it was published.
func (l *loop) State() state.State { return *l.published.Load() }

// send hands an event to the loop.
func (l *loop) send(ctx context.Context, e state.Event) {
	select {
	case l.events <- e:
	case <-ctx.Done():
	}
}

func (l *loop) now() state.At { return state.At(l.clock()) }

// run is the owner loop.
func (l *loop) run(ctx context.Context) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	l.turn(state.Tick{At: l.now()})
	close(l.ready)
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-l.events:
			l.turn(e)
		case <-ticker.C:
			l.turn(state.Tick{At: l.now()})
			l.alive()
		}
	}
}

// turn takes one event and everything that follows from it at once.
func (l *loop) turn(first state.Event) {
	for pending := []state.Event{first}; len(pending) > 0; pending = pending[1:] {
		before := l.State()
		next, actions := state.Step(before, pending[0])
		l.published.Store(&next)
		for _, action := range actions {
			pending = append(pending, l.perform(action)...)
		}
		l.stepped(before, next, pending[0], actions)
	}
	l.turned(l.State())
}
