package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

func checkCommand() command {
	return command{
		name: "check", args: "[NAME]", summary: "the checks, or one of them, with the reason for each verdict",
		about: `Shows what each check says about this node, since when, and why. With a name, only that
check. The check haproxy is always there; the others come from the cluster file.`,
		outcomes: []outcome{
			{exitOK, "healthy"}, {exitNo, "not healthy, not known yet, or there is no such check"}, usageWrong, notRunning,
		},
		example: "lbsup check haproxy",
		maxArgs: 1,
		run: func(ctx context.Context, p *program, args []string) int {
			s, err := p.client().Status(ctx)
			if err != nil {
				return p.fail(err)
			}
			if len(args) == 1 {
				if s.Checks, err = onlyCheck(s.Checks, args[0]); err != nil {
					return p.fail(err)
				}
			}
			if err := status.ChecksText(p.stdout, s, p.style(p.stdout)); err != nil {
				return p.fail(err)
			}
			return yes(!slices.ContainsFunc(s.Checks, func(c status.Check) bool { return c.Health != checks.Healthy.String() }))
		},
	}
}

func onlyCheck(all []status.Check, name string) ([]status.Check, error) {
	var known []string
	for _, c := range all {
		if c.Name == name {
			return []status.Check{c}, nil
		}
		known = append(known, c.Name)
	}
	hint := didYouMean(name, known)
	if hint == "" {
		hint = "lbsup check lists them all"
	}
	return nil, hinted(hint, "%s", fmt.Sprintf("cannot find check %q", name))
}
