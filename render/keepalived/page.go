package keepalived

import (
	"fmt"
	"regexp"
	"strings"
)

// page is the configuration while it is being written. After its first error it takes nothing more.
type page struct {
	text   strings.Builder
	indent string
	err    error
}

// word is what keepalived reads as one word with no meaning but its own. Its quotes are too weak to carry anything else (2.2.7 dies of
// one that is not closed), "!" and "#" begin comments and "$" a definition, so what does not fit is refused.
var word = regexp.MustCompile(`^[A-Za-z0-9_./:,+%=*-][A-Za-z0-9_./:,+%=*@-]*$`)

func (p *page) open(words ...string) {
	p.line(append(words, "{")...)
	p.indent += "    "
}

func (p *page) close() {
	p.indent = strings.TrimPrefix(p.indent, "    ")
	p.text.WriteString(p.indent + "}\n")
}

// line writes one line. Braces are only written by open and close.
func (p *page) line(words ...string) {
	for i, w := range words {
		if !word.MatchString(w) && (w != "{" || i != len(words)-1) {
			p.fail(fmt.Errorf("cannot write %q into keepalived's configuration: want one word of letters, digits and . _ / : , + %% = * - @", w))
			return
		}
	}
	p.text.WriteString(p.indent + strings.Join(words, " ") + "\n")
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

func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
