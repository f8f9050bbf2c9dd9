package supervisor

import (
	"context"
	"strings"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	renderhaproxy "github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
)

// serving says which servers each service of a cluster has, by HAProxy's word.
func serving(local *cluster.Local, servers []haproxy.Server) state.Serving {
	of := map[string]string{} // the service of each backend
	out := state.Serving{}
	for _, service := range local.Services {
		out[service.Name] = nil
		for _, pool := range service.Pools {
			of[renderhaproxy.BackendName(service, pool)] = service.Name
		}
	}
	for _, s := range servers {
		if service, known := of[s.Backend]; known {
			out[service] = append(out[service], state.Server{
				Target: renderhaproxy.Target{Backend: s.Backend, Server: s.Name}, Up: s.Up(), Asked: askedWell(s), Words: tellServer(s),
			})
		}
	}
	return out
}

func tellServer(s haproxy.Server) string {
	if s.CheckReason == "" || s.Up() {
		return s.Status
	}
	return s.Status + " (" + s.CheckStatus + ", " + s.CheckReason + ")"
}

// askedWell tells whether the last health check of a server went well; a server without one is as well as it can be. HAProxy's
// words are L4OK, L6OK, L7OK, L7OKC and PROCOK, and INI or none before the first check (Management Guide, 9.1, check_status).
func askedWell(s haproxy.Server) bool {
	return s.Status == "no check" || strings.Contains(s.CheckStatus, "OK")
}

// closed names the frontends that do not take connections, apart from those that were told not to.
func closed(frontends []haproxy.Frontend) []string {
	var out []string
	for _, f := range frontends {
		if !f.Open() && !f.Paused() {
			out = append(out, f.Name)
		}
	}
	return out
}

// lookAtServers asks HAProxy who serves now.
func (n *node) lookAtServers(ctx context.Context, a state.LookAtServers) state.ServingSeen {
	select {
	case <-time.After(a.Pause):
	case <-ctx.Done():
	}
	local := n.local()
	seen := state.ServingSeen{Generation: a.Generation}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	servers, err := n.runtime.Servers(ctx)
	if err == nil && local != nil {
		var frontends []haproxy.Frontend
		frontends, err = n.runtime.Frontends(ctx)
		seen.Serving, seen.Closed = serving(local, servers), closed(frontends)
	}
	if err != nil {
		seen.Err = err.Error()
	}
	seen.At = n.loop.now()
	return seen
}
