package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/lbsup/lbsup/supervisor/control"
)

func rollbackCommand() command {
	return command{
		name: "rollback", args: "[N]", summary: "put an earlier generation back",
		about: `Installs and activates the files of generation N again, or of the one before the installed
one. The daemons check them first. The cluster file is left alone: until it is corrected
it differs from what runs, and the next reload installs it again.`,
		outcomes: []outcome{
			{exitOK, "the generation is live"}, {exitNo, "refused"}, usageWrong, notRunning,
		},
		example: "lbsup rollback 14",
		maxArgs: 1,
		run: func(ctx context.Context, p *program, args []string) int {
			to := 0
			if len(args) == 1 {
				n, err := strconv.Atoi(args[0])
				if err != nil || n < 1 {
					return p.usage("rollback", fmt.Sprintf("cannot roll back to generation %q: want a number", args[0]), "lbsup history lists them")
				}
				to = n
			}
			return p.change(ctx, control.Request{Verb: control.Rollback, To: to})
		},
	}
}
