package haproxy

import (
	"context"

	"github.com/lbsup/lbsup/render/haproxy"
)

// prepareServers looks whether HAProxy has the servers that the changes begin with. A server that is to come may be there, in
// maintenance since it went: it makes room if its last connection has ended by now.
func (c Changer) prepareServers(ctx context.Context, s *script) error {
	before, err := c.states(ctx, s.backends())
	if err != nil {
		return err
	}
	if err := s.fits(before); err != nil || len(s.room) == 0 {
		return err
	}
	if _, err := c.run(ctx, s.room); err != nil {
		return err
	}
	if before, err = c.states(ctx, s.backends()); err != nil {
		return err
	}
	return s.freed(before)
}

func (c Changer) wrongServer(ctx context.Context, s *script) (string, error) {
	states, err := c.states(ctx, s.backends())
	if err != nil {
		return "", err
	}
	limits, err := c.limits(ctx, s)
	if err != nil {
		return "", err
	}
	return s.difference(states, limits), nil
}

// states asks for the servers of some backends.
func (c Changer) states(ctx context.Context, backends []string) (map[haproxy.Target]ServerState, error) {
	if len(backends) == 0 {
		return nil, nil
	}
	only := ""
	if len(backends) == 1 {
		only = backends[0]
	}
	rows, err := c.Runtime.states(ctx, only)
	if err != nil {
		return nil, err
	}
	states := make(map[haproxy.Target]ServerState, len(rows))
	for _, s := range rows {
		states[s.Target] = s
	}
	return states, nil
}

// limits are the most connections of each server, where one was to be changed: only the statistics tell them.
func (c Changer) limits(ctx context.Context, s *script) (map[haproxy.Target]int, error) {
	if !s.limited {
		return nil, nil
	}
	servers, err := c.Runtime.Servers(ctx)
	if err != nil {
		return nil, err
	}
	limits := map[haproxy.Target]int{}
	for _, server := range servers {
		limits[haproxy.Target{Backend: server.Backend, Server: server.Name}] = server.MaxConn
	}
	return limits, nil
}
