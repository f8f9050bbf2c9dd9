package status

import (
	"strings"
	"unicode"
)

// clean makes foreign text safe to print on one line: what a daemon, a server or a file said must not move the
// reader's cursor or colour his screen. The page does it with every line that enters it.
func (s Style) clean(text string) string {
	if !s.Unicode {
		text = ascii.Replace(text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r) && (s.Unicode || r < unicode.MaxASCII):
			return r
		case s.Unicode:
			return unicode.ReplacementChar
		default:
			return '?'
		}
	}, text)
}

func (s Style) cleanLine(l line) line {
	out := make(line, len(l))
	for i, p := range l {
		out[i] = piece{s.clean(p.text), p.tone}
	}
	return out
}

// lines are the lines of foreign text, without the empty ones at its end.
func lines(text string) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\t", "    "), "\n")
}
