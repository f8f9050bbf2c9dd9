package haproxy

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/render"
)

// page is the configuration while it is being written. After its first error it takes nothing more.
type page struct {
	build Build
	text  strings.Builder
	notes []render.Note
	taken map[string]bool // the names of proxies
	err   error

	conditions map[string]int // the numbers of the routes' conditions
}

// section begins a section. Its name is one word like every other.
func (p *page) section(keyword string, name ...string) {
	p.text.WriteByte('\n')
	p.words("", append([]string{keyword}, name...))
}

// proxy begins a frontend, a backend or both in one. No two share a name, and a service and a pool can together spell another service's.
func (p *page) proxy(keyword, name string) {
	if p.taken[name] {
		p.fail(fmt.Errorf("cannot give two proxies the name %q: rename the service or the pool that has the same name", name))
	}
	p.taken[name] = true
	p.section(keyword, name)
}

// line writes one line of the section, every word quoted where it has to be.
func (p *page) line(words ...string) { p.words("    ", words) }

func (p *page) words(indent string, words []string) {
	quoted := make([]string, len(words))
	for i, word := range words {
		q, err := quote(word)
		if err != nil {
			p.fail(err)
			return
		}
		quoted[i] = q
	}
	p.text.WriteString(indent + strings.Join(quoted, " ") + "\n")
}

// setting writes a line of lbsup's own as it is.
func (p *page) setting(line string) { p.text.WriteString("    " + line + "\n") }

func (p *page) comment(text string) { p.setting("# " + text) }

// raw writes the lines that the admin wrote for this section.
func (p *page) raw(where string, lines []string) {
	for _, line := range lines {
		if err := checkRaw(line); err != nil {
			p.fail(fmt.Errorf("%s: %w", where, err))
			return
		}
		p.setting(strings.TrimSpace(line))
	}
}

func (p *page) note(where, format string, args ...any) {
	p.notes = append(p.notes, render.Note{Where: where, Text: fmt.Sprintf(format, args...)})
}

func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}
