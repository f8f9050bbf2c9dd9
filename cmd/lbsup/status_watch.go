package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// redraw is how often what is shown is looked at again.
const redraw = time.Second

// What a terminal does, as ECMA-48 names it: the cursor goes home, the rest of a line and of the screen is erased.
const (
	home      = "\x1b[H"
	eraseLine = "\x1b[K"
	eraseRest = "\x1b[J"
)

// watch shows this node anew each second until it is interrupted. A supervisor that goes away meanwhile is waited for.
func (p *program) watch(ctx context.Context, s status.Snapshot) int {
	again := time.NewTicker(redraw)
	defer again.Stop()
	var err error
	for {
		if ctx.Err() == nil {
			if bad := p.draw(s, err); bad != nil {
				return p.fail(bad)
			}
		}
		select {
		case <-ctx.Done():
			return exitOK
		case <-again.C:
			s, err = p.client().Status(ctx)
		}
	}
}

// draw shows one picture: in place of the last one on a terminal, else below it.
func (p *program) draw(s status.Snapshot, trouble error) error {
	var text bytes.Buffer
	if trouble != nil {
		fmt.Fprintf(&text, "lbsup: %v\n", trouble)
	} else if err := status.Text(&text, s, p.style(p.stdout)); err != nil {
		return err
	}
	columns, rows := window(p.stdout)
	if columns == 0 {
		_, err := fmt.Fprintf(p.stdout, "%s\n", text.Bytes())
		return err
	}
	_, err := io.WriteString(p.stdout, picture(text.String(), rows))
	return err
}

// picture is text that overwrites what a screen of so many rows has shown. What does not fit is left out, for else it would scroll.
func picture(text string, rows int) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if rows > 1 && len(lines) > rows-1 {
		more := len(lines) - (rows - 2)
		lines = append(lines[:rows-2:rows-2], fmt.Sprintf("(%d more lines: lbsup status)", more))
	}
	return home + strings.Join(lines, eraseLine+"\n") + eraseLine + "\n" + eraseRest
}
