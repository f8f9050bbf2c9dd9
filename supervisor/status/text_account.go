package status

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"time"
)

// mostShown is how many lines an answer has: why something moved is to be seen at a glance.
const mostShown = 4

// AccountText writes an answer: what, when and why in one sentence, then how the cause led to it.
func AccountText(w io.Writer, a Account, now time.Time, style Style) error {
	p := &page{Style: style}
	p.put(0, headline(a, now))
	room := mostShown - bytes.Count(p.buf.Bytes(), []byte("\n"))
	if a.Note != "" {
		room--
	}
	for _, m := range mostTelling(a.Chain, max(1, room)) {
		p.moment(2, m, now, quoted(a.Because, m), a.teller(m))
	}
	if a.Note != "" {
		p.put(2, line{{a.Note, faint}})
	}
	return p.writeTo(w)
}

func headline(a Account, now time.Time) line {
	l := line{{upper(a.What), strong}}
	switch {
	case a.When.IsZero():
	case now.Sub(a.When) < 24*time.Hour:
		l = append(l, piece{" at " + a.When.In(now.Location()).Format(time.TimeOnly) + " (" + ago(a.When, now) + ")", plain})
	default:
		l = append(l, piece{" at " + a.When.In(now.Location()).Format(time.DateTime), plain})
	}
	if a.Because == "" {
		return l
	}
	return append(l, piece{": " + a.Because, plain})
}

// teller is the node of a moment, where not all of them are of the one that was asked.
func (a Account) teller(m Moment) string {
	if slices.ContainsFunc(a.Chain, func(one Moment) bool { return one.Node != "" && a.Node != "" && one.Node != a.Node }) {
		return m.Node
	}
	return ""
}

func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// mostTelling leaves out what tells least: the number that keepalived was told, then what came first.
func mostTelling(chain []Moment, room int) []Moment {
	if len(chain) > room {
		chain = slices.DeleteFunc(slices.Clone(chain), func(m Moment) bool { return m.Kind == PriorityKind })
	}
	return chain[max(0, len(chain)-room):]
}

// quoted is the reason of a moment if the first line has told it already; a number's reason is the verdict above it.
func quoted(because string, m Moment) string {
	if m.Kind == PriorityKind || strings.Contains(because, m.Reason) {
		return m.Reason
	}
	return ""
}
