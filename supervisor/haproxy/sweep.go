package haproxy

import (
	"context"
	"errors"

	"github.com/haproxytech/client-native/v5/runtime"
	"github.com/haproxytech/client-native/v5/runtime/options"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
)

// Sweep deletes the servers that went from the cluster file at run time while they had connections, as soon as their last one
// has ended, and returns how many are left. A server that is not in maintenance was put there by a person and stays.
//
// It is the rare work of single commands for which client-native does.
func (c Changer) Sweep(ctx context.Context, l *cluster.Local) (left int, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	gone, err := c.gone(ctx, l)
	if err != nil || len(gone) == 0 {
		return 0, err
	}
	err = c.native(ctx, func(client *runtime.SingleRuntime) error {
		for _, server := range gone {
			if server.Sessions > 0 || ctx.Err() != nil {
				continue
			}
			// A refusal means that it is not idle yet, and silence is no error here: what is left is read back.
			if err := client.DeleteServer(server.Backend, server.Name); errors.Is(err, runtime.ErrRuntimeInvalidChar) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return len(gone), err
	}
	gone, err = c.gone(ctx, l)
	return len(gone), err
}

// gone are the servers in maintenance of a cluster's backends that the cluster does not have.
func (c Changer) gone(ctx context.Context, l *cluster.Local) ([]Server, error) {
	servers, err := c.Runtime.Servers(ctx)
	if err != nil {
		return nil, err
	}
	backends, known := map[string]bool{}, map[haproxy.Target]bool{}
	for _, service := range l.Services {
		for _, pool := range service.Pools {
			backend := haproxy.BackendName(service, pool)
			backends[backend] = true
			for _, server := range pool.Servers {
				known[haproxy.Target{Backend: backend, Server: server.Name}] = true
			}
		}
	}
	var gone []Server
	for _, s := range servers {
		if s.Status == "MAINT" && backends[s.Backend] && !known[haproxy.Target{Backend: s.Backend, Server: s.Name}] {
			gone = append(gone, s)
		}
	}
	return gone, nil
}

// native lends client-native's client of the worker. It knows no context and waits up to 30 s for each answer, so the worker
// must just have answered, and it is left behind when ctx ends.
func (c Changer) native(ctx context.Context, do func(*runtime.SingleRuntime) error) error {
	client := &runtime.SingleRuntime{}
	if err := client.Init(c.Runtime.Socket, 0, 0, options.RuntimeOptions{DoNotCheckRuntimeOnInit: true}); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- do(client) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
