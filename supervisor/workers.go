package supervisor

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// workers knows HAProxy's old workers: those that a reload has replaced and that live on for their last connections. Only a
// person's question asks for them.
type workers struct {
	census func(context.Context) ([]haproxy.Worker, error)
	clock  func() time.Time

	mu       sync.Mutex
	replaced map[int]time.Time // guarded by mu
}

// hardStop is what lbsup renders as hard-stop-after: when HAProxy ends an old worker whatever it still does.
const hardStop = 30 * time.Minute

// mostOld is how many old workers are no reason to worry. Each holds its own copy of everything in memory.
const mostOld = 10

// gave notes that a worker was replaced.
func (w *workers) gave(pid int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.replaced == nil {
		w.replaced = map[int]time.Time{}
	}
	w.replaced[pid] = w.clock()
}

// add puts the old workers into a snapshot, and what is wrong with them.
func (w *workers) add(ctx context.Context, snap *status.Snapshot) {
	all, err := w.census(ctx)
	if err != nil {
		return // that the master does not answer is told by the reload that needs it
	}
	since := w.since(all)
	for _, one := range all {
		if !one.Old || one.PID == snap.HAProxy.Worker { // a new one that has not been asked yet
			continue
		}
		snap.HAProxy.OldWorkers = append(snap.HAProxy.OldWorkers, one.PID)
		snap.HAProxy.Draining = append(snap.HAProxy.Draining, status.Worker{
			PID: one.PID, Connections: one.Connections, Memory: one.Memory, Draining: w.clock().Sub(since[one.PID]).Seconds(),
		})
	}
	snap.Findings = append(snap.Findings, workerFindings(snap.HAProxy.Draining)...)
}

// since tells when each old worker was replaced, and forgets those that have ended: their PIDs may come again. One whose replacement nobody saw was
// replaced by the time that the next worker began; until then it may have served, however old it is.
func (w *workers) since(all []haproxy.Worker) map[int]time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	known := map[int]time.Time{}
	for _, one := range all {
		if at, seen := w.replaced[one.PID]; seen {
			known[one.PID] = at
		} else if one.Old {
			known[one.PID] = w.clock().Add(-successor(all, one))
		}
	}
	w.replaced = known
	return maps.Clone(known)
}

// successor is the age of the worker that came next after an old one, of those that live. The one that serves came after every old one.
func successor(all []haproxy.Worker, old haproxy.Worker) (age time.Duration) {
	for _, one := range all {
		if !one.Old || one.Age < old.Age {
			age = max(age, one.Age)
		}
	}
	return age
}

// workerFindings are warnings: an old worker takes no new connection and loses none by staying.
func workerFindings(old []status.Worker) []status.Finding {
	var out []status.Finding
	if len(old) > mostOld {
		out = append(out, warning("they end with their last connections, at the latest after hard-stop-after; fewer reloads leave fewer of them",
			"%d old workers of HAProxy live on, each with its own memory", len(old)))
	}
	for _, w := range old {
		if w.Draining > (hardStop + time.Minute).Seconds() {
			out = append(out, warning("`kill -TERM` ends it with its connections",
				"HAProxy's old worker %d was replaced %d minutes ago and should have ended after hard-stop-after", w.PID, int(w.Draining)/60))
		}
	}
	return out
}
