package main

import (
	"context"
	"fmt"
	"runtime"
)

func versionCommand() command {
	return command{
		name: "version", summary: "the version of this program",
		about:    "Shows the version of this program. The supervisor's own is in lbsup status.",
		outcomes: []outcome{{exitOK, "shown"}, usageWrong},
		example:  "lbsup version",
		run: func(_ context.Context, p *program, _ []string) int {
			if _, err := fmt.Fprintf(p.stdout, "lbsup %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH); err != nil {
				return p.fail(err)
			}
			return exitOK
		},
	}
}
