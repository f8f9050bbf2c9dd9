package supervisor

import (
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/metrics"
	"github.com/lbsup/lbsup/supervisor/page"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
	"github.com/lbsup/lbsup/supervisor/timeline/store"
)

// showing is what metrics and the page are made from.
type showing struct {
	*backend
	site  *page.Site
	tally *metrics.Tally
	moves timeline.Moves // as they happen; the owner loop's

	mu   sync.Mutex
	book *store.Reader // guarded by mu
	told recollection  // guarded by mu
}

func newShowing(b *backend) *showing {
	s := &showing{backend: b, tally: metrics.NewTally()}
	if b.chronicle != nil {
		s.book = store.NewReader(b.keeper.Dir)
	}
	s.site = page.NewSite(s, metrics.Handler(s, s.tally))
	return s
}

// replace shows the node where its cluster file now says. The owner loop calls it.
func (s *showing) replace(local *cluster.Local) {
	if local == nil || local.Status == nil {
		s.site.Replace(page.Settings{})
	} else {
		s.site.Replace(page.Settings{Listen: listenText(local.Status.Listen), Certificate: local.Status.Certificate, Key: local.Status.Key, Names: namesOf(local)})
	}
	if local == nil {
		return
	}
	var instances, checks []string
	for _, i := range local.VRRP.Instances {
		instances = append(instances, i.Name)
	}
	for _, c := range local.Checks {
		checks = append(checks, c.Name)
	}
	s.tally.Expect(instances, checks)
}

// namesOf are the names and addresses that clients may know this node by.
func namesOf(local *cluster.Local) []string {
	all := append([]string{local.Node.Name, local.Node.Address.String()}, local.Status.Names...)
	if host, err := os.Hostname(); err == nil {
		all = append(all, host)
	}
	for _, i := range local.VRRP.Instances {
		for _, vip := range i.Addresses {
			all = append(all, vip.Address.Addr().String())
		}
	}
	return all
}

// listenText is a bind as net.Listen spells it.
func listenText(b cluster.Bind) string {
	if !b.Address.IsValid() {
		return ":" + strconv.Itoa(int(b.Port))
	}
	return b.String()
}

// happened counts moments. The owner loop calls it.
func (s *showing) happened(ms []status.Moment) {
	for _, m := range ms {
		s.tally.Told(m)
		if move, ended := s.moves.Next(m); ended {
			s.tally.Moved(move)
		}
	}
}

// ticked measures how late the owner loop came. The owner loop calls it.
func (s *showing) ticked(before, after time.Time) {
	if !before.IsZero() {
		s.tally.Lagged(after.Sub(before) - tick)
	}
}

// Pulse tells how the supervisor itself is doing.
func (s *showing) Pulse() metrics.Pulse {
	return metrics.Pulse{Turned: s.loop.State().Ticked, Queue: len(s.loop.events), Viewers: s.site.Viewers()}
}

// News is closed when something happened.
func (s *showing) News() <-chan struct{} { return s.keeper.News() }

// Past tells what is on record. It reads on where it has stopped before.
func (s *showing) Past() (page.Past, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		ms, err := s.next(s.book)
		if err != nil || len(ms) == 0 {
			return s.told.past(), err
		}
		s.told.add(ms)
	}
}

// findings tell why the page cannot be seen.
func (s *showing) findings() []status.Finding {
	if why := s.site.Trouble(); why != "" {
		return []status.Finding{warning("it is tried again by itself; key `status:` of the cluster file says where", "metrics and the status page: %s", why)}
	}
	return nil
}

// recollection is the end of the timeline.
type recollection struct {
	moments []status.Moment
	splits  []status.Moment // split brains that have not ended, and are older than moments
	moves   []status.Move
	seeing  timeline.Moves
}

// How much is kept in memory: more than a page shows.
const (
	keptMoments = 200
	keptMoves   = 60
)

func (r *recollection) add(ms []status.Moment) {
	for _, m := range ms {
		if move, ended := r.seeing.Next(m); ended {
			r.moves = append(r.moves, move)
		}
	}
	r.moments = append(r.moments, ms...)
	if over := len(r.moments) - keptMoments; over > 0 {
		r.forget(r.moments[:over])
		r.moments = slices.Clone(r.moments[over:])
	}
	if over := len(r.moves) - keptMoves; over > 0 {
		r.moves = slices.Clone(r.moves[over:])
	}
}

// forget drops moments, but for the last word on each split brain.
func (r *recollection) forget(ms []status.Moment) {
	for _, m := range ms {
		if m.Kind == status.SplitBrainKind {
			r.splits = slices.DeleteFunc(r.splits, func(old status.Moment) bool { return old.Subject == m.Subject })
			r.splits = append(r.splits, m)
		}
	}
}

func (r *recollection) past() page.Past {
	return page.Past{Moments: slices.Concat(r.splits, r.moments), Moves: slices.Clone(r.moves)}
}

// stepped is told of each step of the state, and of what is worth telling of it.
func (s *showing) stepped(before, after state.State, e state.Event, told []status.Moment) {
	s.happened(told)
	if _, is := e.(state.Tick); is {
		s.ticked(before.Ticked, after.Ticked)
	}
}
