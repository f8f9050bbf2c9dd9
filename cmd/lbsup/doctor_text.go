package main

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/supervisor/status"
)

// diagnosis shows the findings.
func (p *program) diagnosis(l *cluster.Local, findings []doctor.Finding, fix fixes) error {
	if fix.quiet {
		return p.json(struct {
			Cluster  string           `json:"cluster"`
			Node     string           `json:"node"`
			Findings []doctor.Finding `json:"findings"`
			Fixed    []fixing         `json:"fixed,omitempty"`
		}{l.Name, l.Node.Name, findings, fix.done})
	}
	style := p.style(p.stdout)
	var b bytes.Buffer
	counts := map[doctor.Level]int{}
	for _, f := range findings {
		counts[f.Level]++
		fmt.Fprintf(&b, "%s  %s\n", paintLevel(f.Level, style), oneLine(f.What))
		for _, way := range []struct{ name, command string }{{"fix", f.Fix}, {"see", f.See}} {
			if way.command != "" {
				fmt.Fprintf(&b, "           %s: %s\n", way.name, oneLine(way.command))
			}
		}
	}
	fmt.Fprintf(&b, "\n%d ok, %s, %d failing\n", counts[doctor.OK], count(counts[doctor.Warning], "warning"), counts[doctor.Failing])
	_, err := p.stdout.Write(b.Bytes())
	return err
}

// paintLevel is the word for a level, as wide as the longest one; nothing is told by colour alone.
func paintLevel(l doctor.Level, style status.Style) string {
	word := fmt.Sprintf("%-9s", l)
	colour := map[doctor.Level]string{doctor.OK: "\x1b[32m", doctor.Warning: "\x1b[33m", doctor.Failing: "\x1b[1;31m"}[l]
	if !style.Colour {
		return word
	}
	return colour + word + "\x1b[0m"
}

// oneLine makes what a host, a name server or a file said safe to print: it must not move the reader's cursor.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
