package failover

import (
	"context"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
)

const (
	haproxyUnit    = "haproxy.service"
	keepalivedUnit = "keepalived.service"
	lbsupUnit      = "lbsup.service"
)

var (
	killHAProxy = blow{lands: true, aim: kill(haproxyUnit)}
	// Here the same node may answer again before anybody has noticed.
	killHAProxyRestarted = blow{aim: kill(haproxyUnit)}
	stopHAProxy          = blow{lands: true, aim: command(start(haproxyUnit), "systemctl", "stop", haproxyUnit)}
	stopSignalHAProxy    = blow{lands: true, aim: wedge}
	// A unit that is not restarted leaves the address where it was, and the next start takes it off.
	killKeepalived = blow{lands: true, aim: kill(keepalivedUnit)}
	cutNetwork     = blow{lands: true, aim: cut}
	powerOff       = blow{lands: true, aim: pull}
)

type action = func(context.Context) error

// start starts a unit that may have failed.
func start(unit string) func(*lab.Node) action {
	return func(node *lab.Node) action {
		return func(ctx context.Context) error {
			_, err := node.Run(ctx, "systemctl", "start", unit)
			return err
		}
	}
}

// kill ends all processes of a unit.
func kill(unit string) func(context.Context, *pair.Pair, *lab.Node) (action, action, error) {
	return func(ctx context.Context, _ *pair.Pair, node *lab.Node) (action, action, error) {
		processes, err := pair.Hold(ctx, node, unit)
		if err != nil {
			return nil, nil, err
		}
		strike := func(context.Context) error { return processes.Kill() }
		return strike, func(ctx context.Context) error {
			processes.Release()
			return start(unit)(node)(ctx)
		}, nil
	}
}

// wedge stops HAProxy as a debugger or a dead disk would: everything looks alive, nothing answers.
func wedge(ctx context.Context, _ *pair.Pair, node *lab.Node) (action, action, error) {
	processes, err := pair.Hold(ctx, node, haproxyUnit)
	if err != nil {
		return nil, nil, err
	}
	strike := func(context.Context) error { return processes.Signal(unix.SIGSTOP) }
	return strike, func(ctx context.Context) error {
		defer processes.Release()
		if err := processes.Signal(unix.SIGCONT); err != nil {
			return err
		}
		return start(haproxyUnit)(node)(ctx) // whoever noticed may have stopped it
	}, nil
}

func command(repair func(*lab.Node) action, argv ...string) func(context.Context, *pair.Pair, *lab.Node) (action, action, error) {
	return func(_ context.Context, _ *pair.Pair, node *lab.Node) (action, action, error) {
		strike := func(ctx context.Context) error {
			_, err := node.Run(ctx, argv...)
			return err
		}
		return strike, repair(node), nil
	}
}

// cut pulls all cables, the one of the adverts first: else the holder would say goodbye over it when it sees another go.
func cut(_ context.Context, p *pair.Pair, node *lab.Node) (action, action, error) {
	cables := p.Cables()
	strike := func(ctx context.Context) error {
		for _, cable := range cables {
			if err := node.Cut(ctx, cable); err != nil {
				return err
			}
		}
		return nil
	}
	return strike, func(ctx context.Context) error {
		for _, cable := range cables {
			if err := node.Heal(ctx, cable); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// pull pulls the plug.
func pull(_ context.Context, _ *pair.Pair, node *lab.Node) (action, action, error) {
	return node.PowerOff, node.Boot, nil
}
