package probe

import (
	"context"
	"fmt"
	"net"

	"github.com/lbsup/lbsup/checks"
)

func newTCP(name, address string) (Func, error) {
	if host, port, err := net.SplitHostPort(address); err != nil || host == "" || port == "" {
		return nil, fmt.Errorf("cannot probe check %q: got the address %q, want HOST:PORT", name, address)
	}
	return func(ctx context.Context) checks.Result {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, "tcp", address)
		if err != nil {
			return connectError(err)
		}
		_ = conn.Close()
		return healthy("connected to %s", address)
	}, nil
}
