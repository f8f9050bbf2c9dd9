package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/status"
)

func planCommand() command {
	var asJSON bool
	f := newFlags("plan")
	f.BoolVar(&asJSON, "json", false, "for programs")
	return command{
		name: "plan", args: "[--json]", summary: "what a reload would do, without doing it",
		about: `Compares the cluster file with what is installed and says what a reload would do: which
daemon would reload, each with its reason, and what it means for the VIPs. The daemons
check the new configuration. Nothing is changed.`,
		outcomes: []outcome{
			{exitOK, "a reload would change nothing"}, {exitNo, "a reload would be refused"}, usageWrong, notRunning,
			{exitChanges, "a reload would change something"},
		},
		example: "lbsup plan",
		flags:   f,
		run: func(ctx context.Context, p *program, _ []string) int {
			g := p.progress()
			g.tell("asking the daemons what they think of the cluster file")
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
