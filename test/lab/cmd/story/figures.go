package story

import (
	"strings"
	"unicode/utf8"
)

// Figure is a number to remember.
type Figure struct{ What, Measured, Requests string }

// Figures shows the numbers of the tale side by side.
func (t *Teller) Figures(figures []Figure) {
	rows := append([]Figure{{"what happened", "measured", "what the client saw"}}, figures...)
	what, measured := 0, 0
	for _, row := range rows {
		what = max(what, utf8.RuneCountInString(row.What))
		measured = max(measured, utf8.RuneCountInString(row.Measured))
	}
	t.line("")
	for i, row := range rows {
		text := strings.TrimRight(pad(row.What, what)+"  "+pad(row.Measured, measured)+"  "+row.Requests, " ")
		if i == 0 {
			text = t.style.paint(faint, text)
		}
		t.line(margin + text)
	}
}

func pad(text string, width int) string {
	return text + strings.Repeat(" ", width-utf8.RuneCountInString(text))
}
