package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/status"
)

func statusCommand() command {
	var asJSON, watch bool
	f := newFlags("status")
	f.BoolVar(&asJSON, "json", false, "everything, for programs; keys are added and never change")
	f.BoolVar(&watch, "watch", false, "shown anew each second, until interrupted")
	return command{
		name: "status", args: "[--json|--watch]", summary: "this node at a glance: who holds the VIPs, why, and what is wrong",
		about: `Shows which node holds each VIP, since when and why; the checks with their reasons;
the servers of each service; the daemons; the last change; and, when something is
wrong, what it is and what to do.

--json writes one object: time; version and started, of the supervisor; cluster, node and nodes;
well; findings, what is wrong, each with severity, what and hint; instances, with state, since,
priority, wanted, reason, vips, holder and why; checks, with health, reason, since and moves;
services, their pools and servers, with HAProxy's word for each; certificates; haproxy and
keepalived, as systemd has them; generation, the installed one; change, the last one or the one
under way; watching, whether edits are applied by themselves; and peers, with what each told
last, and how far its clock is ahead. Times are RFC 3339, spans are seconds. What is not known
is null or empty.`,
		outcomes: []outcome{{exitOK, "all is well"}, {exitNo, "something is wrong"}, usageWrong, notRunning},
		example:  "lbsup status",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			if watch && asJSON {
				return p.usage("status", "cannot use --watch with --json", "lbsup events --follow --json tells programs what happens")
			}
			s, err := p.client().Status(ctx)
			if err != nil {
				return p.fail(err)
			}
			if watch {
				return p.watch(ctx, s)
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
