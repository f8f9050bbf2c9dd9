package supervisor

import (
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/lbsup/lbsup/checks/board"
	"github.com/lbsup/lbsup/checks/health"
	"github.com/lbsup/lbsup/checks/trackfile"
	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/notify"
	"github.com/lbsup/lbsup/supervisor/peers"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/systemd"
)

// node is one supervisor with its adapters.
type node struct {
	Config
	loop    *loop
	desk    *desk
	board   board.Board
	units   systemd.Units
	runtime haproxy.Runtime
	store   apply.Store
	records records
	clerk   clerk
	probes  *probes
	files   *files
	workers *workers
	started time.Time

	clusterFile string
	chronicle   *chronicle
	showing     *showing
	exchange    *peers.Exchange
	notifier    *notify.Notifier

	worker     atomic.Int64  // the process that last answered as HAProxy's worker
	renewed    chan struct{} // another one does
	handedOver handover
	sweeping   chan struct{} // servers went at run time
	wishes     chan struct{} // lbsup-wire may have something else to do
	ticks      chan struct{} // the owner loop has looked at the time
	scriptUser string        // the number of the user that keepalived runs checks as
}

func newNode(ctx context.Context, c Config) *node {
	n := &node{
		Config:  c,
		desk:    newDesk(),
		runtime: haproxy.Runtime{Socket: render.StatsSocket},
		store:   apply.Store{Dir: render.GenerationsDir},
		records: records{dir: render.RecordsDir},
		clerk:   newClerk(),
		started: time.Now(),

		clusterFile: render.ClusterFile,

		renewed:    make(chan struct{}, 1),
		sweeping:   make(chan struct{}, 1),
		wishes:     make(chan struct{}, 1),
		ticks:      make(chan struct{}, 1),
		handedOver: handover{path: render.ServerStateFile},
		scriptUser: userID(render.ScriptUser),
	}
	n.units.Trouble = func(err error) { n.Log.Warn().Err(err).Msg("cannot see the units") }
	n.loop = newLoop(state.State{WatchInput: c.Watch, Keepalived: n.records.Keepalived(), Pending: n.records.Pending(), Unproven: n.records.Unproven()}, time.Now, c.Log)
	census := &haproxy.Census{Master: haproxy.Master{Socket: render.MasterSocket}}
	n.workers = &workers{census: census.Workers, clock: time.Now}
	n.probes = newProbes(n)
	n.files = newFiles(n)
	n.chronicle = newChronicle(filepath.Join(render.RecordsDir, "timeline"), time.Now, n.seen, c.Log)
	n.loop.stepped = n.chronicle.stepped
	n.showing = newShowing(n.backend())
	n.exchange = peers.New(n.summary, n.chronicle.recall, time.Now)
	n.chronicle.others = n.exchange.Recall
	n.notifier = notify.New(time.Now, c.Log)
	n.chronicle.also = n.stepped
	worker := &performer{hands: n.hands(), ctx: ctx, loop: n.loop, desk: n.desk, log: c.Log, local: n.local, clerk: n.clerk}
	n.loop.perform = worker.perform
	n.loop.turned = func(s state.State) { n.board.Put(s.Verdicts()) }
	n.loop.alive = func() { n.notify(systemd.Alive); signal(n.ticks) }
	return n
}

func (n *node) local() *cluster.Local { return n.loop.State().Installed.Local }

func (n *node) notify(word string) {
	if err := systemd.Notify(word); err != nil {
		n.Log.Warn().Err(err).Msg("cannot tell systemd")
	}
}

func (n *node) hands() hands {
	tracks := trackfile.Dir{Path: render.TrackDir}
	return hands{
		writeTrack: tracks.Write,
		apply:      n.apply,
		read:       n.load,
		drift:      n.drift,
		lookAgain:  n.probes.lookAgain,
		activate:   n.activate,
		servers:    n.lookAtServers,
		watch: func(local *cluster.Local) {
			n.probes.replace(local)
			n.files.replace(local)
			n.showing.replace(local)
			n.tell(local)
		},
		remember: n.records.Remember,
		promise:  n.records.Promise,
		record:   n.records.Keep,
		takeOff:  n.takeOff,
	}
}

func (n *node) health(l net.Listener) func(context.Context) error {
	s := &health.Server{Board: &n.board, Now: time.Now, Log: n.Log}
	return func(ctx context.Context) error {
		s.Asked = func(q health.Question) { n.questioned(ctx, q) }
		select {
		case <-n.loop.ready: // before it the board is empty, and a question that waited in the socket would be answered with no
		case <-ctx.Done():
		}
		return s.Serve(ctx, l)
	}
}

func (n *node) control(l net.Listener) func(context.Context) error {
	return func(ctx context.Context) error { return control.Serve(ctx, l, n.backend(), n.Log) }
}

func (n *node) backend() *backend {
	return &backend{
		loop: n.loop, desk: n.desk, clock: time.Now, version: n.Version, started: n.started,
		look: n.look, plan: n.plan, history: n.history, found: n.found,
		chronicle: n.chronicle,
	}
}
