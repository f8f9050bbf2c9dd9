package main

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

func historyCommand() command {
	var asJSON bool
	f := newFlags("history")
	f.BoolVar(&asJSON, "json", false, "for programs")
	return command{
		name: "history", args: "[--json]", summary: "the generations: what was installed or refused, when, by whom",
		about: `Lists the generations, the newest first. A star marks the installed one. Refused ones are
kept too, with the reason.`,
		outcomes: []outcome{{exitOK, "shown"}, {exitNo, "it cannot be read"}, usageWrong, notRunning},
		example:  "lbsup history",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			entries, err := p.client().History(ctx)
			if err != nil {
				return p.fail(err)
			}
			if asJSON {
				err = p.json(entries)
			} else {
				err = status.HistoryText(p.stdout, entries, time.Now(), p.style(p.stdout))
			}
			if err != nil {
				return p.fail(err)
			}
			return exitOK
		},
	}
}
