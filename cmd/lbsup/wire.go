package main

import (
	"context"
	"net"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/systemd"
	"github.com/lbsup/lbsup/supervisor/wire"
)

func wireCommand() command {
	return command{
		name: "wire", summary: "listen to adverts below the firewall; lbsup-wire.service starts this",
		about: `Listens on the interfaces of the VRRP instances to all adverts, also those that the firewall
drops, asks who else answers for the VIPs that this node holds, and tells the supervisor, who
says what to listen to. It is a program of its own because it needs CAP_NET_RAW, which the
supervisor does not have. It decides nothing: without it everything goes on, but a VIP that
two nodes hold may not be noticed, and lbsup status says so. After a split brain it announces
the VIPs of this node to its neighbours, who may have learnt the other one.`,
		outcomes: []outcome{{exitOK, "it was told to end"}, {exitNo, "it cannot go on"}, usageWrong},
		example:  "systemctl status lbsup-wire",
		run: func(ctx context.Context, p *program, _ []string) int {
			l, err := wireSocket()
			if err != nil {
				return p.fail(err)
			}
			return p.supervised(ctx, wire.Serve(ctx, l, p.logger(p.stderr, "text")))
		},
	}
}

// wireSocket is the one that systemd holds. Another would not have its owner and mode.
func wireSocket() (net.Listener, error) {
	sockets, err := systemd.Listeners()
	if err != nil {
		return nil, err
	}
	if l := sockets["wire"]; len(l) > 0 {
		return l[0], nil
	}
	return nil, &control.Error{Message: "cannot listen without a socket", Hint: "lbsup-wire.socket starts this"}
}
