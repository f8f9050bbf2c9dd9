package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/supervisor/doctor"
)

// fixes is what is wanted of them, and what was done.
type fixes struct {
	wanted bool
	quiet  bool   // they are told at the end, for programs
	node   string // as the command line names it
	done   []fixing
}

// fixing is a fix that was run.
type fixing struct {
	Command string `json:"command"`
	Problem string `json:"problem,omitempty"` // why it did not work
}

// fix shows the safe fixes of what is wrong, and runs those that were not run before. It says whether there was any.
func (p *program) fix(ctx context.Context, findings []doctor.Finding, f *fixes) (any bool) {
	for _, one := range findings {
		if !one.Safe || slices.ContainsFunc(f.done, func(d fixing) bool { return d.Command == one.Fix }) {
			continue
		}
		p.tellFix(f, "fixing: "+one.Fix)
		now := fixing{Command: one.Fix}
		if err := runAll(ctx, one.Commands(), f.node); err != nil {
			now.Problem = err.Error()
			p.tellFix(f, "        "+now.Problem)
		}
		f.done, any = append(f.done, now), true
	}
	return any
}

func (p *program) tellFix(f *fixes, text string) {
	if !f.quiet {
		_, _ = fmt.Fprintln(p.stdout, oneLine(text))
	}
}

// runAll runs commands until one fails. lbsup is this very program, and knows the node by the same name.
func runAll(ctx context.Context, commands [][]string, node string) error {
	for _, argv := range commands {
		if argv[0] == "lbsup" {
			self, err := os.Executable()
			if err != nil {
				return errors.New("cannot find this program")
			}
			argv = append([]string{self}, argv[1:]...)
			if node != "" {
				argv = append(argv, "--node", node)
			}
		}
		out, code, err := runProgram(ctx, argv...)
		if err != nil {
			return fmt.Errorf("cannot run %q: %w", strings.Join(argv, " "), err)
		}
		if code != 0 {
			return fmt.Errorf("%q ended with exit code %d: %s", strings.Join(argv, " "), code, strings.TrimSpace(out))
		}
	}
	return nil
}
