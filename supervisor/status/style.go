package status

import "strings"

// Style says what the reader's terminal can show.
type Style struct {
	Width   int // columns; 0: lines are not wrapped
	Colour  bool
	Unicode bool // false: ASCII alone
}

// tone is what a piece of text means to the reader. Nothing is told by colour alone.
type tone uint8

const (
	plain tone = iota
	strong
	faint
	good
	warn
	bad
)

// paint is the SGR sequence of each tone, see ECMA-48 8.3.117. The 16 basic colours follow the reader's own theme.
var paint = map[tone]string{strong: "\x1b[1m", faint: "\x1b[2m", good: "\x1b[32m", warn: "\x1b[33m", bad: "\x1b[1;31m"}

func (s Style) paint(t tone, text string) string {
	if !s.Colour || paint[t] == "" || text == "" {
		return text
	}
	return paint[t] + text + "\x1b[0m"
}

// mark is the sign in front of a line; all of a style are of one width.
func (s Style) mark(t tone) piece {
	signs := map[tone]string{good: "✓ ", warn: "! ", bad: "✗ ", faint: "· ", plain: "  "}
	if !s.Unicode {
		signs = map[tone]string{good: "ok ", warn: "!  ", bad: "X  ", faint: "-  ", plain: "   "}
	}
	return piece{signs[t], t}
}

// marked is the column behind a mark.
func (s Style) marked() int { return line{s.mark(plain)}.width() }

func (s Style) arrow() string {
	if s.Unicode {
		return "→ "
	}
	return "-> "
}

func (s Style) dot() string {
	if s.Unicode {
		return " · "
	}
	return ", "
}

// ascii spells the signs that lbsup's own texts use.
var ascii = strings.NewReplacer("…", "...", "→", "->", "–", "-", "—", "-", "×", "x", "·", "-", "≥", ">=", "≤", "<=", "µ", "u",
	"“", `"`, "”", `"`, "’", "'")
