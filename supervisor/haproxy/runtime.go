package haproxy

import (
	"context"
)

// Runtime is the runtime API of the worker that serves. Each question has a connection of its own: HAProxy answers ten
// clients at once by default (stats maxconn), and a connection that is kept keeps an old worker alive after a reload.
type Runtime struct {
	Socket string
}

const (
	infoLimit = 64 << 10
	statLimit = 64 << 20 // 50,000 servers take about 20 MiB
)

// Info asks the worker about itself.
func (r Runtime) Info(ctx context.Context) (Info, error) {
	text, err := ask(ctx, r.Socket, "show info;get var "+markVariable, infoLimit)
	if err != nil {
		return Info{}, err
	}
	return ParseInfo(text)
}

// Stat asks for all backends and servers at once. The mask 6 is backends (2) and servers (4): frontends are left out.
func (r Runtime) Stat(ctx context.Context) (Stat, error) {
	text, err := ask(ctx, r.Socket, "show stat -1 6 -1", statLimit)
	if err != nil {
		return Stat{}, err
	}
	return ParseStat(text)
}

// Everything asks for all frontends, backends and servers at once.
func (r Runtime) Everything(ctx context.Context) (Stat, error) {
	text, err := ask(ctx, r.Socket, "show stat -1 7 -1", statLimit)
	if err != nil {
		return Stat{}, err
	}
	return ParseStat(text)
}

// Servers asks for all servers.
func (r Runtime) Servers(ctx context.Context) ([]Server, error) {
	stat, err := r.Stat(ctx)
	return stat.Servers, err
}

// Frontends asks for all frontends. One that HAProxy was started without is not among them.
func (r Runtime) Frontends(ctx context.Context) ([]Frontend, error) {
	text, err := ask(ctx, r.Socket, "show stat -1 1 -1", statLimit)
	if err != nil {
		return nil, err
	}
	stat, err := ParseStat(text)
	return stat.Frontends, err
}
