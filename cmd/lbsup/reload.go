package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/control"
)

func reloadCommand() command {
	var overwrite bool
	f := newFlags("reload")
	f.BoolVar(&overwrite, "overwrite", false, "also put the rendered files over ones that were edited by hand")
	return command{
		name: "reload", args: "[--overwrite]", summary: "make the cluster file live; returns when it is, or is refused",
		about: `Renders the cluster file, has both daemons check the result, installs it, activates it,
and verifies that the new configuration serves. What does not prove itself is taken
back. A refused change leaves everything as it was.`,
		outcomes: []outcome{
			{exitOK, "live, or nothing to do"}, {exitNo, "refused, or rolled back"}, usageWrong, notRunning,
		},
		example: "lbsup reload",
		flags:   f,
		run: func(ctx context.Context, p *program, _ []string) int {
			verb := control.Reload
			if overwrite {
				verb = control.Overwrite
			}
			return p.change(ctx, control.Request{Verb: verb})
		},
	}
}
