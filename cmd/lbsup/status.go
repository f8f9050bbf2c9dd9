package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/status"
)

func statusCommand() command {
	var asJSON bool
	f := newFlags("status")
	f.BoolVar(&asJSON, "json", false, "everything, for programs; keys are added and never change")
	return command{
		name: "status", args: "[--json]", summary: "this node at a glance: who holds the VIPs, why, and what is wrong",
		about: `Shows which node holds each VIP, since when and why; the checks with their reasons;
the servers of each service; the daemons; the last change; and, when something is
wrong, what it is and what to do.`,
		outcomes: []outcome{{exitOK, "all is well"}, {exitNo, "something is wrong"}, usageWrong, notRunning},
		example:  "lbsup status",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			s, err := p.client().Status(ctx)
			if err != nil {
				return p.fail(err)
			}
			if asJSON {
				err = p.json(s)
			} else {
				err = status.Text(p.stdout, s, p.style(p.stdout))
			}
			if err != nil {
				return p.fail(err)
			}
			return yes(s.Well)
		},
	}
}

// yes turns an answer into an exit code.
func yes(is bool) int {
	if is {
		return exitOK
	}
	return exitNo
}
