package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

// fail says what went wrong and, where it is known, what to do. It returns the exit code.
func (p *program) fail(err error) int {
	code, hint := exitNo, hintOf(err)
	switch {
	case errors.Is(err, control.ErrNotRunning):
		code, hint = exitNotRunning, "start it with: systemctl start lbsup; see why it ended with: journalctl -u lbsup"
	case errors.Is(err, context.Canceled):
		err, hint = errors.New("interrupted"), ""
	}
	_, _ = fmt.Fprintf(p.stderr, "lbsup: error: %s\n", err)
	if hint != "" {
		_, _ = fmt.Fprintf(p.stderr, "lbsup: hint: %s\n", hint)
	}
	return code
}

func hintOf(err error) string {
	var refusal *control.Error
	if errors.As(err, &refusal) {
		return refusal.Hint
	}
	var hinting interface{ Hint() string }
	if errors.As(err, &hinting) {
		return hinting.Hint()
	}
	return ""
}

// problems writes what is wrong with a cluster file, each on a line that an editor can jump to.
func (p *program) problems(ps []status.Problem) {
	for _, one := range ps {
		_, _ = fmt.Fprintln(p.stderr, one)
		if one.Hint != "" {
			_, _ = fmt.Fprintln(p.stderr, "  hint: "+one.Hint)
		}
	}
}

// problemsOf is the same list in the words of the status package.
func problemsOf(ps cluster.Problems) []status.Problem {
	out := make([]status.Problem, len(ps))
	for i, p := range ps {
		out[i] = status.Problem{File: p.File, Line: p.Line, Column: p.Column, Path: p.Path, Message: p.Message, Hint: p.Hint}
	}
	return out
}

func hinted(hint, format string, args ...any) error {
	return &control.Error{Message: fmt.Sprintf(format, args...), Hint: hint}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
