package supervisor

import (
	"context"
	"sync"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// hands is everything that the loop can do to the world.
type hands struct {
	writeTrack func(instance string, value int) error
	apply      func(ctx context.Context, request string) (state.Report, error)
	read       func() (state.Loaded, error)
	drift      func() []string
	lookAgain  func()
	activate   func(ctx context.Context, a state.Activate) (activation, error)
	servers    func(ctx context.Context, a state.LookAtServers) state.ServingSeen
	watch      func(local *cluster.Local)
	remember   func(state.Pending) error
	promise    func(state.Unproven) error
	record     func(status.Change, state.Running) error
	takeOff    func(ctx context.Context) error
}

// performer carries actions out. It logs only what fails: the timeline writes the rest to the journal. What is quick is done at once, in the owner's goroutine; what may take long runs
// beside it and comes back as an event.
type performer struct {
	hands
	ctx   context.Context
	loop  *loop
	desk  *desk
	log   zerolog.Logger
	local func() *cluster.Local

	clerk clerk

	loading sync.Mutex
}

func (p *performer) perform(action state.Action) []state.Event {
	switch a := action.(type) {
	case state.WriteTrack:
		return p.track(a)
	case state.Load:
		return p.load(a)
	case state.FindDrift:
		return []state.Event{state.Drifted{At: p.loop.now(), Files: p.drift()}}
	case state.LookAgain:
		p.lookAgain()
	case state.Watch:
		p.watch(p.local())
	case state.Apply:
		go func() { p.loop.send(p.ctx, p.applied(a)) }()
	case state.Activate:
		go func() { p.loop.send(p.ctx, p.activated(a)) }()
	case state.LookAtServers:
		go func() { p.loop.send(p.ctx, p.servers(p.ctx, a)) }()
	case state.LookForOrphans:
		p.lookForOrphans(a)
	case state.RemoveOrphans:
		go p.removeOrphans(a)
	case state.Progress:
		p.desk.progress(a.ID, a.Text)
	case state.Answer:
		p.clerk.file(p.ctx, func() { p.desk.answer(a.ID, a.Change) })
	case state.Remember:
		p.clerk.file(p.ctx, func() { p.bear(a) })
	case state.Promise:
		p.clerk.file(p.ctx, func() { p.hold(a) })
	case state.Record:
		p.clerk.file(p.ctx, func() { p.keep(a) })
	}
	return nil
}

func (p *performer) track(a state.WriteTrack) []state.Event {
	written := state.TrackWritten{At: p.loop.now(), Instance: a.Instance}
	if err := p.writeTrack(a.Instance, a.Value); err != nil {
		written.Err = err.Error()
	}
	return []state.Event{written}
}

// load reads what is installed beside the loop, or at once.
func (p *performer) load(a state.Load) []state.Event {
	if a.AtOnce {
		return []state.Event{p.loaded(a)}
	}
	go func() {
		p.loading.Lock() // two readings at a time would take twice the memory
		defer p.loading.Unlock()
		if p.loop.State().LoadAsked == a.Number { // else only the newer one counts
			p.loop.send(p.ctx, p.loaded(a))
		}
	}()
	return nil
}

func (p *performer) loaded(a state.Load) state.Event {
	loaded, err := p.read()
	if err != nil {
		return state.LoadFailed{At: p.loop.now(), Number: a.Number, Err: err.Error()}
	}
	loaded.At, loaded.Number = p.loop.now(), a.Number
	return loaded
}

func (p *performer) applied(a state.Apply) state.Event {
	ctx, cancel := context.WithTimeout(p.ctx, applyLimit)
	defer cancel()
	report, err := p.apply(ctx, a.Request)
	if err != nil {
		hint := "`journalctl -u lbsup-apply@" + a.Request + "` has its last words"
		report = state.Report{Outcome: state.Rejected, Unreported: true, Problems: []status.Problem{{Message: err.Error(), Hint: hint}}}
	}
	return state.Applied{At: p.loop.now(), Report: report}
}

func (p *performer) activated(a state.Activate) state.Event {
	ctx, cancel := context.WithTimeout(p.ctx, activateLimit)
	defer cancel()
	found, err := p.activate(ctx, a)
	done := found.end(a, err)
	done.At = p.loop.now()
	return done
}
