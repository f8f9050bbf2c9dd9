package story

import (
	"fmt"
	"io"
	"strings"
)

const margin = "   "

// Teller writes a tale. What it cannot write is lost: a tale that nobody reads is told to its end.
type Teller struct {
	out   io.Writer
	style Style
}

// NewTeller is one who writes to out.
func NewTeller(out io.Writer, style Style) *Teller { return &Teller{out: out, style: style} }

// Locale is what a program whose output is shown is to take for its locale.
func (t *Teller) Locale() string { return t.style.Locale() }

// Title opens the tale.
func (t *Teller) Title(title, what string) {
	t.line(t.style.paint(bold, title))
	t.paragraph("", what)
}

// Act opens an act.
func (t *Teller) Act(number int, title string) {
	t.line("")
	t.line(t.style.paint(bold, fmt.Sprintf("%2d %s", number, title)))
}

// Say says in plain words what is about to happen.
func (t *Teller) Say(text string) { t.paragraph(margin, text) }

// Command shows what a person would type, and where.
func (t *Teller) Command(where, command string) {
	for i, line := range strings.Split(command, "\n") {
		prompt := where + "# "
		if i > 0 {
			prompt = "> "
		}
		t.line(margin + t.style.paint(faint, prompt) + t.style.paint(cyan, line))
	}
}

// Output shows what a command printed, with long lines wrapped.
func (t *Teller) Output(text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		for _, part := range wrap(line, t.style.Width-2*len(margin)) {
			t.line(strings.TrimRight(margin+margin+part, " "))
		}
	}
}

// Table shows what a command printed in columns, with long lines cut.
func (t *Teller) Table(text string) {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		t.line(strings.TrimRight(margin+margin+t.style.trim(line, t.style.Width-2*len(margin)), " "))
	}
}

// Proof says what the act has shown.
func (t *Teller) Proof(format string, args ...any) {
	mark := t.style.symbol("✓", "=>")
	for i, part := range wrap(fmt.Sprintf(format, args...), t.style.Width-len(margin)-3) {
		if i == 0 {
			t.line(margin + t.style.paint(green, mark) + " " + t.style.paint(bold, part))
		} else {
			t.line(margin + t.style.paint(bold, part))
		}
	}
}

// Failure says what was expected in vain, with what there is to learn from.
func (t *Teller) Failure(err error, evidence string) {
	t.line(margin + t.style.paint(red, t.style.symbol("✗", "FAILED:")) + " " + t.style.paint(bold, "this act failed"))
	t.Output(err.Error())
	if evidence != "" {
		t.line("")
		t.Output(evidence)
	}
}

// End closes the tale.
func (t *Teller) End(format string, args ...any) {
	t.line("")
	t.paragraph("", fmt.Sprintf(format, args...))
}

func (t *Teller) paragraph(indent, text string) {
	rest := strings.Join(strings.Fields(text), " ")
	for i, part := range wrap(rest, t.style.Width-len(indent)-2) {
		if i > 0 {
			part = strings.TrimPrefix(part, "  ")
		}
		t.line(indent + part)
	}
}

func (t *Teller) line(text string) { fmt.Fprintln(t.out, text) }
