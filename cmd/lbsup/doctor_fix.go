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

// fixing is a fix that was run.
type fixing struct {
	Command string `json:"command"`
	Problem string `json:"problem,omitempty"` // why it did not work
}

// fix shows the safe fixes of what is wrong, and runs those that were not run before.
func (p *program) fix(ctx context.Context, findings []doctor.Finding, before []fixing, quiet bool) (done []fixing) {
	for _, f := range findings {
		known := func(one fixing) bool { return one.Command == f.Fix }
		if !f.Safe || slices.ContainsFunc(before, known) || slices.ContainsFunc(done, known) {
			continue
		}
		if !quiet {
			_, _ = fmt.Fprintln(p.stdout, "fixing: "+f.Fix)
		}
		one := fixing{Command: f.Fix}
		if err := runAll(ctx, f.Commands()); err != nil {
			one.Problem = err.Error()
			if !quiet {
				_, _ = fmt.Fprintln(p.stdout, "        "+err.Error())
			}
		}
		done = append(done, one)
	}
	return done
}

// runAll runs commands until one fails. lbsup is this very program.
func runAll(ctx context.Context, commands [][]string) error {
	for _, argv := range commands {
		if argv[0] == "lbsup" {
			self, err := os.Executable()
			if err != nil {
				return errors.New("cannot find this program")
			}
			argv = append([]string{self}, argv[1:]...)
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
