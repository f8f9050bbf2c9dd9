package status

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// ChangeText writes what became of a change, to who asked for it.
func ChangeText(w io.Writer, c Change, now time.Time, style Style) error {
	p := &page{Style: style}
	p.change(0, c, now, 0)
	return p.writeTo(w)
}

// mostOutput bounds a daemon's words where the change is only one part of the story.
const mostOutput = 8

func (p *page) lastChange(s Snapshot) {
	if s.Change == nil {
		return
	}
	title := "Last change"
	if s.Change.Outcome == "" {
		title = "Change under way"
	}
	p.title(title)
	p.change(2, *s.Change, s.Time, mostOutput)
}

// change writes a change with at most so many lines of a daemon's words; 0 is all of them.
func (p *page) change(indent int, c Change, now time.Time, most int) {
	t, text := outcome(c)
	p.putMarked(indent, t, line{{text, strong}, {origin(c, now), faint}})
	indent += p.marked()
	for _, e := range c.Effects {
		p.put(indent, say(e))
	}
	p.problems(indent, c.Problems)
	p.output(indent, c.Output, most)
	if most > 0 {
		return // notes are for who asked for the change
	}
	for _, note := range c.Notes {
		p.put(indent, line{{"note: ", faint}, {note, plain}})
	}
}

// origin says who asked for what, when, and how long it took.
func origin(c Change, now time.Time) string {
	who := c.Request
	if c.By != "" {
		who += " by " + c.By
	}
	took := ""
	if c.Outcome != "" && c.Took > 0 {
		took = "took " + seconds(c.Took)
		if c.Settled >= worthTelling {
			took += ", of which " + seconds(c.Settled) + " for health checks"
		}
	}
	if text := joined(", ", who, ago(c.Asked, now), took); text != "" {
		return " (" + text + ")"
	}
	return ""
}

// worthTelling is a part of a time in seconds that a person would notice.
const worthTelling = 0.3

func outcome(c Change) (tone, string) {
	switch c.Outcome {
	case "":
		return faint, joined(": ", "under way", c.Phase)
	case Live:
		return good, fmt.Sprintf("live: generation %d", c.Generation)
	case Unconfirmed:
		return warn, fmt.Sprintf("live, and waiting to be confirmed: generation %d", c.Generation)
	case Unchanged:
		return good, "nothing to do: what is installed is what the cluster file says"
	case Refused:
		return bad, "refused: nothing was changed, the pair goes on as before"
	case RolledBack:
		return bad, "rolled back: it did not prove itself, the generation before it runs again"
	case TakenBack:
		return good, "taken back: the generation before it runs again"
	case Broken:
		return bad, "broken: it could not be activated, and nothing before it was put back"
	default:
		return warn, string(c.Outcome)
	}
}

// problems writes each problem as an editor can jump to it, with its hint below.
func (p *page) problems(indent int, ps []Problem) {
	for _, one := range ps {
		p.verbatim(indent, say(one.String()))
		if one.Hint != "" {
			p.hint(indent, one.Hint)
		}
	}
}

// String is file:line:column: path: message, as far as they are known.
func (p Problem) String() string {
	place := p.File
	if p.File != "" && p.Line > 0 {
		place = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	return joined(": ", place, p.Path, p.Message)
}

func (p *page) hint(indent int, text string) {
	arrow := line{{p.arrow(), faint}}
	p.table(indent, []row{{cells: []line{append(arrow, piece{text, plain})}, hang: arrow.width()}})
}

// output writes a daemon's own words behind a bar.
func (p *page) output(indent int, text string, most int) {
	if strings.TrimSpace(text) == "" {
		return
	}
	said := lines(text)
	left := 0
	if most > 0 && len(said) > most+1 {
		left = len(said) - most
		said = said[:most]
	}
	for _, l := range said {
		p.verbatim(indent, line{{"| ", faint}, {l, plain}})
	}
	if left > 0 {
		p.verbatim(indent, line{{fmt.Sprintf("| and %d more lines: lbsup status --json", left), faint}})
	}
}
