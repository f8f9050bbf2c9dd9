package doctor

import (
	"context"
	"net/netip"
	"time"
)

// Host is everything that the examination asks of a host.
type Host struct {
	Root string // in front of every path; empty on a host

	Run        func(ctx context.Context, argv ...string) (output string, code int, err error)
	Unit       func(ctx context.Context, name string) (Unit, error)
	Links      func(ctx context.Context) (map[string]Link, error)
	Hear       func(ctx context.Context, links []string, families []Hearing) Wire // until ctx ends
	Claim      func(ctx context.Context, link string, address netip.Addr) ([]string, error)
	Supervisor func(ctx context.Context) Supervisor
	Clock      func() Clock
	Room       func(path string) Disk
	Now        func() time.Time
	Superuser  bool
}

// Hearing is what to listen for behind the firewall on a link.
type Hearing struct {
	Link                string
	IPv6, Authenticated bool
}
