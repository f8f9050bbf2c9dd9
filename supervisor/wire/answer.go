package wire

import (
	"context"
	"errors"
	"net/netip"

	"golang.org/x/sys/unix"
)

var realLinks = links{Listen, Receive, answer}

// answer asks each question once, and hears the claims.
func answer(ctx context.Context, link string, ipv6 bool, questions <-chan netip.Addr, emit func(Claim)) error {
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
		cancel(a.askAll(ctx, questions))
	}()
	err = a.hear(ctx, emit)
	cancel(nil)
	<-asked
	if cause := context.Cause(ctx); err == nil && cause != context.Canceled {
		err = cause
	}
	return err
}

// askAll asks until ctx ends. A link that is down for a while is no reason to give up.
func (a *asker) askAll(ctx context.Context, questions <-chan netip.Addr) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case address := <-questions:
			if err := a.ask(address); err != nil && !passing(err) {
				return err
			}
		}
	}
}

// passing tells of a link that is down, or of a queue that is full.
func passing(err error) bool { return errors.Is(err, unix.ENETDOWN) || errors.Is(err, unix.ENOBUFS) }
