package haproxy

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/render/haproxy"
)

// Changer changes a running HAProxy through the runtime API of its worker: servers, the values of routes, and which services are open.
//
// It does so with a client of its own: client-native has a connection and up to 30 s for each command, takes no context, and
// returns no error when an answer never comes.
type Changer struct {
	Runtime Runtime
}

const (
	changeLimit   = 15 * time.Second // all changes together; ten thousand take two seconds
	readBackLimit = 2 * time.Second  // from HAProxy 3.0 on an address changes some time after the answer
	readBackPause = 20 * time.Millisecond
)

// Make makes changes, reads each of them back, and then has the worker say that it runs the configuration with the given digest
// (see Info.Mark). After an error some changes may have been made; the worker does not say then that it runs any
// configuration, and a reload brings the whole file.
//
// A server that goes is put into maintenance, where it takes no new connections and keeps those that it has, and is deleted if
// it has none. Sweep deletes it later if it has.
func (c Changer) Make(ctx context.Context, changes []haproxy.Change, digest string) error {
	ctx, cancel := context.WithTimeout(ctx, changeLimit)
	defer cancel()
	s, err := newScript(changes)
	if err != nil {
		return err
	}
	if err := c.prepare(ctx, s); err != nil {
		return err
	}
	if err := c.mark(ctx, unsettled); err != nil {
		return err
	}
	words, err := c.run(ctx, s.commands)
	if err != nil {
		return err
	}
	if err := c.readBack(ctx, s, words); err != nil {
		return err
	}
	// A refusal is no error: it says that there are connections left.
	if _, err := c.run(ctx, s.deletions); err != nil {
		return err
	}
	return c.mark(ctx, digest)
}

// prepare looks whether HAProxy has the servers that the changes begin with. A server that is to come may be there, in
// maintenance since it went: it makes room if its last connection has ended by now.
func (c Changer) prepare(ctx context.Context, s *script) error {
	frontends, err := c.frontends(ctx, s)
	if err != nil {
		return err
	}
	if err := s.fitsFrontends(frontends); err != nil {
		return err
	}
	if err := c.prepareLists(ctx, s); err != nil {
		return err
	}
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

// readBack asks for the servers until each is as it was meant to be, and names the first that is not in time.
func (c Changer) readBack(ctx context.Context, s *script, words string) error {
	limit, cancel := context.WithTimeout(ctx, readBackLimit)
	defer cancel()
	for {
		states, err := c.states(ctx, s.backends())
		if err != nil {
			return err
		}
		limits, err := c.limits(ctx, s)
		if err != nil {
			return err
		}
		frontends, err := c.frontends(ctx, s)
		if err != nil {
			return err
		}
		list, err := c.differentList(ctx, s)
		if err != nil {
			return err
		}
		wrong := cmp.Or(s.difference(states, limits), s.differentFrontend(frontends), list)
		if wrong == "" && complaint(words) == "" {
			return nil
		}
		wrong = cmp.Or(wrong, "every server is as it should be")
		if complaint(words) != "" || !wait(limit, readBackPause) {
			return fmt.Errorf("cannot change HAProxy at run time: %s%s", wrong, complaints(words))
		}
	}
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
