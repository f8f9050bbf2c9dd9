package haproxy

import (
	"context"
	"fmt"
	"regexp"
)

// markVariable is where a worker keeps which configuration changes at run time have made of the one that it has read: lbsup's
// memory may end before the worker does. The description, which carries the digest of the text, cannot be changed at run time,
// and the variable goes with the worker.
const markVariable = "proc.lbsup"

// unsettled marks a worker between the first change and the last: it runs neither configuration.
const unsettled = "changing"

var (
	markShape = regexp.MustCompile(`^[0-9a-z]{1,64}$`)
	markValue = regexp.MustCompile(`^type=str value=<([0-9a-z]{1,64})>$`)
)

// markOf reads the value that "get var" tells, "" if it is not a mark.
func markOf(value string) string {
	if m := markValue.FindStringSubmatch(value); m != nil {
		return m[1]
	}
	return ""
}

// mark has the worker say what it runs, and has it say so once.
func (c Changer) mark(ctx context.Context, mark string) error {
	if !markShape.MatchString(mark) {
		return fmt.Errorf("cannot mark HAProxy's worker with %q: want a digest", mark)
	}
	// HAProxy calls this command experimental on every version; on one line with "experimental-mode on" it is done.
	line := "experimental-mode on;set var " + markVariable + " str(" + mark + ")"
	words, err := c.tell(ctx, line)
	if err != nil {
		return err
	}
	info, err := c.Runtime.Info(ctx)
	if err != nil {
		return err
	}
	if info.Mark != mark {
		return fmt.Errorf("cannot mark HAProxy's worker with %q: it says %q%s", mark, info.Mark, complaints(words))
	}
	return nil
}
