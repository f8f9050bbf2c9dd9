package probe

import (
	"context"
	"errors"
	"net"
	"slices"
	"syscall"

	"github.com/lbsup/lbsup/checks"
)

// ours are the errors that tell about this host rather than about the one that was asked.
var ours = []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOBUFS, syscall.EADDRNOTAVAIL, syscall.EACCES, syscall.EPERM}

// connectError judges why a question was not answered. Silence is doubt; so is what lies with this host or with DNS, for the
// server may be well all the same. A refusal, or an answer that makes no sense, is a failure.
func connectError(err error) checks.Result {
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return doubtful("cannot resolve %s: %s", dns.Name, dns.Err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &timeout) && timeout.Timeout():
		return doubtful("no answer in time")
	case slices.ContainsFunc(ours, func(e error) bool { return errors.Is(err, e) }):
		return doubtful("cannot ask: %v", err)
	default:
		return failed("%v", err)
	}
}
