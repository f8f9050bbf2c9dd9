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

// prepare looks whether HAProxy has what the changes begin with.
func (c Changer) prepare(ctx context.Context, s *script) error {
	for _, step := range []func(context.Context, *script) error{c.prepareFrontends, c.prepareLists, c.prepareServers} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// readBack asks until everything is as it was meant to be, and names the first that is not in time.
func (c Changer) readBack(ctx context.Context, s *script, words string) error {
	limit, cancel := context.WithTimeout(ctx, readBackLimit)
	defer cancel()
	for {
		wrong, err := c.wrong(ctx, s)
		if err != nil {
			return err
		}
		if wrong == "" && complaint(words) == "" {
			return nil
		}
		if complaint(words) != "" || !wait(limit, readBackPause) {
			return fmt.Errorf("cannot change HAProxy at run time: %s%s", cmp.Or(wrong, "everything is as it should be"), complaints(words))
		}
	}
}

// wrong names the first thing that is not as it was meant to be, "" if all is.
func (c Changer) wrong(ctx context.Context, s *script) (string, error) {
	for _, look := range []func(context.Context, *script) (string, error){c.wrongServer, c.wrongFrontend, c.wrongList} {
		if found, err := look(ctx, s); found != "" || err != nil {
			return found, err
		}
	}
	return "", nil
}
