package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/haproxy"
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
