package checks

import (
	"strings"
	"unicode"
)

// lineLimit is how long a reason may be: a few parts of a composite check, and still one line of a terminal or two.
const lineLimit = 300

// Line makes one printable line of a text that may come from a program or a server that nobody vouches for, so that it can
// stand in an answer, a log and a terminal. Runs of white space become one space, other unprintable characters a "?".
func Line(text string) string {
	if len(text) > 4*lineLimit {
		text = text[:4*lineLimit] // before the work, not after it
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
	if runes := []rune(text); len(runes) > lineLimit {
		return string(runes[:lineLimit-1]) + "…"
	}
	return text
}
