package supervisor

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
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
				Target: renderhaproxy.Target{Backend: s.Backend, Server: s.Name}, Up: s.Up(), Check: checked(s), Words: tellServer(s),
			})
		}
	}
	return out
}

func tellServer(s haproxy.Server) string {
	if checked(s) != checks.Failed {
		return s.Status
	}
	return s.Status + " (" + s.CheckStatus + ", " + s.CheckReason + ")"
}

// checked tells how the last health check of a server went. HAProxy says UNK or INI before the first one, and SOCKERR where it
// could not ask (Management Guide, 9.1, check_status). Good answers are L4OK, L6OK, L7OK, L7OKC and PROCOK. It says nothing of a
// server that it does not ask itself, such as one with track or an agent alone: no check will come, and its status is the proof.
func checked(s haproxy.Server) checks.Health {
	switch word := s.CheckStatus; {
	case s.Status == "no check" || strings.Contains(word, "OK") || word == "" && s.Up():
		return checks.Healthy
	case word == "" || word == "UNK" || word == "INI" || word == "SOCKERR":
		return checks.Unknown
	default:
		return checks.Failed
	}
}

// closed names the frontends that do not take connections, apart from those that the cluster file or a person has closed.
func closed(local *cluster.Local, frontends []haproxy.Frontend) []string {
	var out []string
	for _, f := range frontends {
		service, is := serviceNamed(local, f.Name)
		if !f.Open() && !f.Paused() && !(is && service.Disabled) {
			out = append(out, f.Name)
		}
	}
	return out
}

// stopped names the frontends that HAProxy was started without: only a reload opens these. It is asked only where a service is
// disabled, and without an answer the runtime API says the same later.
func stopped(ctx context.Context, runtime haproxy.Runtime, local *cluster.Local) []string {
	if local == nil || !slices.ContainsFunc(local.Services, func(s cluster.Service) bool { return s.Disabled }) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, questionLimit)
	defer cancel()
	frontends, err := runtime.Frontends(ctx)
	if err != nil {
		return nil
	}
	return haproxy.Stopped(local, frontends)
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
	stat, err := n.runtime.Everything(ctx)
	switch {
	case err != nil:
		seen.Err = err.Error()
	case local != nil:
		seen.Serving, seen.Closed = serving(local, stat.Servers), closed(local, stat.Frontends)
	}
	seen.At = n.loop.now()
	return seen
}
