package keepalived

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/lbsup/lbsup/render"
)

// page is the configuration while it is being written. After its first error it takes nothing more.
type page struct {
	text   strings.Builder
	indent string
	err    error
	notes  []render.Note
}

// word is what keepalived reads as one word with no meaning but its own. "!" and "#" begin comments, "$" a definition, and
// 2.2.7 dies of a quote that is not closed, so a name that needs quotes is refused.
var word = regexp.MustCompile(`^[A-Za-z0-9_./:,+%=*-][A-Za-z0-9_./:,+%=*@-]*$`)

func (p *page) open(words ...string) {
	p.words(words, " {")
	p.indent += "    "
}

func (p *page) close() {
	p.indent = strings.TrimPrefix(p.indent, "    ")
	p.text.WriteString(p.indent + "}\n")
}

// line writes one line. Braces are only written by open and close.
func (p *page) line(words ...string) { p.words(words, "") }

func (p *page) words(words []string, end string) {
	for _, w := range words {
		if !word.MatchString(w) {
			p.fail(fmt.Errorf("cannot write %q into keepalived's configuration: want one word of letters, digits and . _ / : , + %% = * - @", w))
			return
		}
	}
	p.text.WriteString(p.indent + strings.Join(words, " ") + end + "\n")
}

// quotable says whether a text arrives unchanged when it is written between double quotes: what can be printed except the quote
// itself, the backslash, and the two characters that keepalived replaces things behind ("$_PWD", "~SEQ(1)").
func quotable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"\\$~", r) })
}

// quoted writes a keyword with a text that quotable has accepted.
func (p *page) quoted(keyword, text string) {
	p.text.WriteString(p.indent + keyword + " \"" + text + "\"\n")
}

// block writes words that belong together, a line each.
func (p *page) block(name string, lines []string) {
	p.open(name)
	for _, l := range lines {
		p.line(l)
	}
	p.close()
}

// gap separates the parts of the file.
func (p *page) gap() { p.text.WriteByte('\n') }

func (p *page) note(where, text string) {
	p.notes = append(p.notes, render.Note{Where: where, Text: text})
}

func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
