package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor"
)

func runCommand() command {
	var format string
	var noWatch bool
	f := newFlags("run")
	f.BoolVar(&noWatch, "no-watch", false, "do not apply edits of the cluster file until lbsup reload asks for it")
	f.StringVar(&format, "log-format", "text", "the `format` of the log: text or json")
	return command{
		name: "run", args: "[--no-watch] [--log-format FORMAT]", summary: "the supervisor itself; lbsup.service starts this",
		about: `Supervises this node until it is told to end: watches, checks, decides, and drives HAProxy
and keepalived. It needs no root. Its end moves no VIP.`,
		outcomes: []outcome{{exitOK, "it was told to end"}, {exitNo, "it cannot go on"}, usageWrong},
		example:  "systemctl start lbsup",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			if !slices.Contains([]string{"text", "json"}, format) {
				return p.usage("run", fmt.Sprintf("cannot log as %q: want text or json", format), "")
			}
			return p.supervised(ctx, supervisor.Run(ctx, supervisor.Config{
				Watch: !noWatch, Version: version, Log: p.logger(p.stderr, format),
			}))
		},
	}
}

// supervised says how the supervisor ended: what it says once it was told to end is no error.
func (p *program) supervised(ctx context.Context, err error) int {
	if err != nil && ctx.Err() == nil {
		return p.fail(err)
	}
	return exitOK
}

// logger writes to w. The journal, which JOURNAL_STREAM of systemd.exec(5) tells of, has its own time stamps.
func (p *program) logger(w io.Writer, format string) zerolog.Logger {
	journal := p.environment("JOURNAL_STREAM") != ""
	if format == "text" {
		console := zerolog.ConsoleWriter{Out: w, NoColor: !p.style(w).Colour, TimeFormat: "15:04:05.000"}
		if journal {
			console.PartsExclude = []string{zerolog.TimestampFieldName}
		}
		w = console
	}
	log := zerolog.New(w).With()
	if !journal {
		log = log.Timestamp()
	}
	return log.Logger()
}
