package main

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
)

func reloadCommand() command {
	var overwrite, force bool
	var confirm time.Duration
	f := newFlags("reload")
	f.BoolVar(&overwrite, "overwrite", false, "also put the rendered files over ones that were edited by hand")
	f.BoolVar(&force, "force", false, "also take away a VIP, or more than half of the servers of a service")
	f.DurationVar(&confirm, "confirm", 0, "go back after this `time` unless lbsup confirm comes first")
	return command{
		name: "reload", args: "[--overwrite] [--force] [--confirm TIME]", summary: "make the cluster file live; returns when it is, or is refused",
		about: `Renders the cluster file, has both daemons check the result, installs it, activates it,
and verifies that the new configuration serves. What does not prove itself is taken
back. A refused change leaves everything as it was.

With --confirm the change is live at once and goes back by itself unless somebody runs
lbsup confirm in time, also if lbsup or the host restarts meanwhile: for a change that may
cut off the one who makes it.`,
		outcomes: []outcome{
			{exitOK, "live, or nothing to do"}, {exitNo, "refused, or rolled back"}, usageWrong, notRunning,
		},
		example: "lbsup reload\nlbsup reload --confirm 60s",
		flags:   f,
		run: func(ctx context.Context, p *program, _ []string) int {
			if confirm != 0 && confirm < time.Second {
				return p.usage("reload", fmt.Sprintf("cannot wait %v for a confirmation: want a second or more", confirm), "for example --confirm 60s")
			}
			return p.change(ctx, control.Request{Verb: reloadVerb(overwrite, force), Confirm: int((confirm + time.Second - 1) / time.Second)})
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
