package wire

import (
	"context"
	"errors"
	"net/netip"

	"golang.org/x/sys/unix"
)

var realLinks = links{Listen, Receive, answer}

// order is an address to ask for, or to announce.
type order struct {
	address  netip.Addr
	announce bool
}

// answer carries each order out once, and hears the claims.
func answer(ctx context.Context, link string, ipv6 bool, orders <-chan order, emit func(Claim)) error {
	a, err := openAsker(link, ipv6)
	if err != nil {
		return err
	}
	defer a.close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		cancel(a.obey(ctx, orders))
	}()
	err = a.hear(ctx, emit)
	cancel(nil)
	<-asked
	if cause := context.Cause(ctx); err == nil && cause != context.Canceled {
		err = cause
	}
	return err
}

// obey asks and announces until ctx ends. A link that is down for a while is no reason to give up.
func (a *asker) obey(ctx context.Context, orders <-chan order) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case o := <-orders:
			do := a.ask
			if o.announce {
				do = a.announce
			}
			if err := do(o.address); err != nil && !passing(err) {
				return err
			}
		}
	}
}

// passing tells of a link that is down, or of a queue that is full.
func passing(err error) bool { return errors.Is(err, unix.ENETDOWN) || errors.Is(err, unix.ENOBUFS) }
