package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/control"
)

func confirmCommand() command {
	return command{
		name: "confirm", summary: "keep a change that lbsup reload --confirm made live",
		about: `Keeps the change that waits for its confirmation. Without it the change goes back by itself
when its time is up; lbsup rollback takes it back at once.`,
		outcomes: []outcome{
			{exitOK, "the change stays"}, {exitNo, "no change waits for a confirmation"}, usageWrong, notRunning,
		},
		example: "lbsup confirm",
		run: func(ctx context.Context, p *program, _ []string) int {
			return p.change(ctx, control.Request{Verb: control.Confirm})
		},
	}
}
