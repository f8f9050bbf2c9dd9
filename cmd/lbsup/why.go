package main

import (
	"context"
	"fmt"
	"time"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

func whyCommand() command {
	var at string
	var asJSON bool
	f := newFlags("why")
	f.StringVar(&at, "at", "", "why it moved at a `time`: 02:13, \"2026-01-02 02:13:07\", or 20m for 20 minutes ago")
	f.BoolVar(&asJSON, "json", false, "for programs; keys are added and never change")
	return command{
		name: "why", args: "[--at TIME] [--json] [VIP|INSTANCE|CHECK]", summary: "why a VIP is where it is, or a check says what it says",
		about: `Says what moved the VIPs of an instance last, or at a time, and how that came about: the
verdict, what keepalived was told, and what it did; or when and why a check changed its
mind, and what followed. Without a name it is about the VIPs that moved last. What led to it
on another node is known where the nodes exchange status; else ask there.

--json writes one object: node, the one that answers; about, the instance or check; what
happened and when; because, the cause in one sentence; chain, what led from it to that, each
as lbsup events --json has it; note, what else there is to know.`,
		outcomes: []outcome{{exitOK, "answered"}, {exitNo, "there is no such VIP, instance or check"}, usageWrong, notRunning},
		example:  "lbsup why\nlbsup why 192.0.2.10 --at 02:13",
		flags:    f,
		maxArgs:  1,
		run: func(ctx context.Context, p *program, args []string) int {
			var ask control.Why
			if len(args) == 1 {
				ask.About = args[0]
			}
			if err := span(&ask, at, time.Now()); err != nil {
				return p.usage("why", err.Error(), "")
			}
			return p.why(ctx, ask, asJSON)
		},
	}
}

// span reads when it was. So long ago is a moment, before which something moved last; a time as a clock shows it is the
// minute or second in which it did.
func span(ask *control.Why, at string, now time.Time) (err error) {
	if at == "" {
		return nil
	}
	if ask.From, ask.To, err = moment(at, now); err != nil {
		return fmt.Errorf("cannot use --at: %w", err)
	}
	if _, ago := duration(at); ago {
		ask.From, ask.To = time.Time{}, ask.From
	}
	return nil
}

func (p *program) why(ctx context.Context, ask control.Why, asJSON bool) int {
	a, err := p.client().Why(ctx, ask)
	if err != nil {
		return p.fail(err)
	}
	if asJSON {
		err = p.json(a)
	} else {
		err = status.AccountText(p.stdout, a, time.Now(), p.style(p.stdout))
	}
	if err != nil {
		return p.fail(err)
	}
	return exitOK
}
