package notify

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Notifier tells everybody who is to be told. What goes wrong ends nothing: it is in the log and told by Reports.
type Notifier struct {
	log   zerolog.Logger
	clock func() time.Time
	next  chan []*line // the newest replaces those that were not taken yet

	mu      sync.Mutex
	cluster string
	lines   []*line
}

// New returns one that tells nobody.
func New(clock func() time.Time, log zerolog.Logger) *Notifier {
	return &Notifier{log: log, clock: clock, next: make(chan []*line, 1)}
}

// Replace says who is told from now on. What waits for one who stays is not lost. It never blocks; it has one caller.
func (n *Notifier) Replace(clusterName string, all []cluster.Notice) {
	n.mu.Lock()
	var lines []*line
	for _, notice := range all {
		same := func(l *line) bool { return reflect.DeepEqual(l.notice, notice) && !slices.Contains(lines, l) }
		if i := slices.IndexFunc(n.lines, same); i >= 0 {
			lines = append(lines, n.lines[i])
			continue
		}
		lines = append(lines, newLine(notice, n.clock, n.log))
	}
	n.cluster, n.lines = clusterName, lines
	n.mu.Unlock()
	select {
	case <-n.next:
	default:
	}
	n.next <- lines
}

// Put takes moments of the timeline and hands on those that somebody wants to hear of. It never waits.
func (n *Notifier) Put(ms ...status.Moment) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range ms {
		of, is := occurrence(m)
		if !is {
			continue
		}
		for _, l := range n.lines {
			if slices.Contains(l.notice.On, of) {
				l.put(newsOf(of, n.cluster, m))
			}
		}
	}
}

// Report is how it went with one who is told.
type Report struct {
	Who      string // a program, or the host of a URL: the rest of it may be a secret
	Told     int    // since lbsup has started
	Failed   int    // news that were given up
	Dropped  int    // news for which there was no room
	Waiting  int
	Trouble  string // why the last try failed; empty: it did not
	Troubled time.Time
}

// Reports tells of everybody, in the order of the cluster file.
func (n *Notifier) Reports() (out []Report) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, l := range n.lines {
		out = append(out, l.told())
	}
	return out
}

// Run tells until ctx ends.
func (n *Notifier) Run(ctx context.Context) error {
	running := map[*line]context.CancelFunc{}
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case lines := <-n.next:
			for l, stop := range running {
				if !slices.Contains(lines, l) {
					stop()
					delete(running, l)
				}
			}
			for _, l := range lines {
				if running[l] == nil {
					own, stop := context.WithCancel(ctx)
					running[l] = stop
					all.Go(func() { l.run(own) })
				}
			}
		}
	}
}
