package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

// Serving is what HAProxy says of the servers of each service.
type Serving map[string][]Server

// Server is a server as HAProxy sees it.
type Server struct {
	haproxy.Target
	Up    bool          // it gets new sessions
	Check checks.Health // by its last health check, healthy without any; unknown: a new worker has not asked yet
	Words string        // HAProxy's own, such as "DOWN (L4CON, Connection refused)"
}

// Settling is the proof that a change takes no service away: one that had a healthy server before has one after.
type Settling struct {
	Before  Serving
	Changed map[haproxy.Target]bool // servers that were changed at run time: what HAProxy knew of them is of no use
	After   Serving                 // nil: HAProxy has not told yet
	Closed  []string                // frontends that do not take connections
	Err     string                  // why HAProxy has not told
	Since   time.Time               // when nothing but this proof was missing any more
}

// betweenLooks is the time from one look at the servers to the next.
const betweenLooks = 200 * time.Millisecond

// look begins the proof. There is none on the way back: what served before may have died since for its own reasons.
func (t *turn) look() {
	if t.Job.Settling.Before != nil && !t.Job.Back {
		t.do(LookAtServers{Generation: t.Installed.Number, Reason: "a change is to prove itself"})
	}
}

// servingSeen takes over what HAProxy says now, and looks again while that is not enough.
func (t *turn) servingSeen(e ServingSeen) {
	if t.Job == nil || t.Job.Phase != Verifying || t.Job.Back || e.Generation != t.Installed.Number {
		return
	}
	job := *t.Job
	if job.Settling.Err = e.Err; e.Err == "" {
		if job.Settling.After == nil && job.ID != 0 && job.Settling.missing(true) != "" {
			t.do(Progress{ID: job.ID, Text: fmt.Sprintf("waiting up to %v for a healthy server of each service", t.settleTime())})
		}
		job.Settling.After, job.Settling.Closed = e.Serving, e.Closed
	}
	t.Job = &job
	t.verify()
	if t.Job != nil && t.Job.Phase == Verifying && !t.Job.Back {
		t.do(LookAtServers{Generation: t.Installed.Number, Pause: betweenLooks, Reason: "the change has not proved itself yet"})
	}
}

// settled returns whether the proof is there, or why it will not come any more.
func (t *turn) settled() (done bool, why status.Problem) {
	s, since := t.Job.Settling, t.now.Sub(t.Job.Since)
	switch {
	case s.Before == nil || t.Job.Back:
		return true, why
	case s.After == nil && since > t.settleTime()+verifyLimit:
		return false, status.Problem{Message: "HAProxy has not told of its servers since the change: " + s.Err}
	case s.After == nil:
		return false, why
	case since >= t.settleTime():
		text := s.missing(false)
		return text == "", status.Problem{Message: text, Hint: "`lbsup status` shows each server with HAProxy's words; haproxy.settle is how long lbsup waits for one"}
	default:
		return s.missing(true) == "", why
	}
}

// waitForServers notes that nothing else is missing.
func (t *turn) waitForServers() {
	if t.Job.Settling.Since.IsZero() {
		job := *t.Job
		job.Settling.Since = t.now
		t.Job = &job
	}
}

// waited is how long that has been so.
func (t *turn) waited() time.Duration {
	if since := t.Job.Settling.Since; !since.IsZero() {
		return t.now.Sub(since)
	}
	return 0
}

// settleTime is how long a service may be without a healthy server.
func (t *turn) settleTime() time.Duration {
	if t.Installed.Local == nil {
		return 0
	}
	return t.Installed.Local.HAProxy.Settle
}

// missing names the first frontend that is closed and the first service that has lost its healthy servers. Strictly, a
// server is healthy when a health check has said so since the change; else when none has said otherwise: a server that
// HAProxy still has to find dead by some more checks is not healthy.
func (s Settling) missing(strictly bool) string {
	if len(s.Closed) > 0 {
		return fmt.Sprintf("frontend %q takes no connections", s.Closed[0])
	}
	healthy := func(server Server) bool {
		if strictly {
			return server.Up && server.Check == checks.Healthy && !s.Changed[server.Target]
		}
		return server.Up && server.Check != checks.Failed
	}
	for _, service := range slices.Sorted(maps.Keys(s.Before)) {
		after, stays := s.After[service]
		if !stays || !slices.ContainsFunc(s.Before[service], func(b Server) bool { return b.Up }) || slices.ContainsFunc(after, healthy) {
			continue
		}
		return fmt.Sprintf("service %q had a healthy server before and has none now: %s", service, tellServers(after))
	}
	return ""
}

// mostServers is how many servers a person reads of in one line.
const mostServers = 4

func tellServers(servers []Server) string {
	var words []string
	for i, s := range servers {
		if i == mostServers {
			words = append(words, fmt.Sprintf("and %d more", len(servers)-mostServers))
			break
		}
		words = append(words, s.Server+" is "+s.Words)
	}
	if len(words) == 0 {
		return "it has no servers"
	}
	return strings.Join(words, "; ")
}

// targets are the servers that changes make others than they were.
func targets(changes []haproxy.Change) map[haproxy.Target]bool {
	all := map[haproxy.Target]bool{}
	for _, c := range changes {
		switch do := c.Do.(type) {
		case haproxy.AddServer:
			all[do.Target] = true
		case haproxy.SetAddress:
			all[do.Target] = true
		}
	}
	return all
}

// harmless tells that changes take nothing away from anybody, so that nothing has to be proved about what serves.
func harmless(changes []haproxy.Change) bool {
	return !slices.ContainsFunc(changes, func(c haproxy.Change) bool {
		switch c.Do.(type) {
		case haproxy.AddServer, haproxy.SetWeight, haproxy.SetMaxConn:
			return false
		}
		return true
	})
}
