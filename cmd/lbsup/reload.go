package main

import (
	"context"

	"github.com/lbsup/lbsup/supervisor/control"
)

func reloadCommand() command {
	var overwrite, force bool
	f := newFlags("reload")
	f.BoolVar(&overwrite, "overwrite", false, "also put the rendered files over ones that were edited by hand")
	f.BoolVar(&force, "force", false, "also take away a VIP, or more than half of the servers of a service")
	return command{
		name: "reload", args: "[--overwrite] [--force]", summary: "make the cluster file live; returns when it is, or is refused",
		about: `Renders the cluster file, has both daemons check the result, installs it, activates it,
and verifies that the new configuration serves. What does not prove itself is taken
back. A refused change leaves everything as it was.`,
		outcomes: []outcome{
			{exitOK, "live, or nothing to do"}, {exitNo, "refused, or rolled back"}, usageWrong, notRunning,
		},
		example: "lbsup reload",
		flags:   f,
		run: func(ctx context.Context, p *program, _ []string) int {
			return p.change(ctx, control.Request{Verb: reloadVerb(overwrite, force)})
		},
	}
}

func reloadVerb(overwrite, force bool) string {
	switch {
	case overwrite && force:
		return control.OverwriteForce
	case overwrite:
		return control.Overwrite
	case force:
		return control.Force
	default:
		return control.Reload
	}
}
