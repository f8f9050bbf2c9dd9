package main

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/supervisor/status"
)

func planCommand() command {
	var asJSON, failover bool
	f := newFlags("plan")
	f.BoolVar(&failover, "failover", false, "what happens to the VIPs when something dies, by the cluster file alone")
	f.BoolVar(&asJSON, "json", false, "for programs")
	return command{
		name: "plan", args: "[--failover [FILE]] [--json]", summary: "what a reload would do, or a failover, without doing it",
		about: `Compares the cluster file with what runs and says what a reload would do: which daemon
would be changed at run time or reload, each with its reason, and which VIP would move,
come or go, with the time that takes at worst. Nothing is changed. The daemons
themselves are asked at the reload: sudo lbsup apply --check asks them now.

With --failover it says instead, for each thing that can die on the node that has the
VIPs, how that is noticed, who takes over, and how long it takes at worst: by arithmetic
from a cluster file (- is standard input; without one, /etc/lbsup/lbsup.yaml), also
where lbsup does not run. Then it warns of what has cost others a failover.`,
		outcomes: []outcome{
			{exitOK, "a reload would change nothing, or the failover is shown"}, {exitNo, "a reload would be refused, or the file has problems"}, usageWrong, notRunning,
			{exitChanges, "a reload would change something"},
		},
		example: "lbsup plan\nlbsup plan --failover lbsup.yaml",
		flags:   f,
		maxArgs: 1,
		run: func(ctx context.Context, p *program, args []string) int {
			switch {
			case failover:
				return p.failover(ctx, args, asJSON)
			case len(args) > 0:
				return p.usage("plan", fmt.Sprintf("cannot use argument %q without --failover: a reload always takes the installed cluster file", args[0]), "")
			}
			g := p.progress()
			g.tell("comparing the cluster file with what is installed")
			plan, err := p.client().Plan(ctx)
			g.done()
			if err != nil {
				return p.fail(err)
			}
			if asJSON {
				err = p.json(plan)
			} else {
				err = status.PlanText(p.stdout, plan, p.style(p.stdout))
			}
			if err != nil {
				return p.fail(err)
			}
			return planned(plan)
		},
	}
}

func planned(plan status.Plan) int {
	switch {
	case len(plan.Problems) > 0:
		return exitNo
	case len(plan.Effects) > 0:
		return exitChanges
	default:
		return exitOK
	}
}
