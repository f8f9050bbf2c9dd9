package status

import (
	"io"
	"strconv"
	"time"
)

// HistoryText writes the generations, one line each, in the order given.
func HistoryText(w io.Writer, entries []Entry, now time.Time, style Style) error {
	p := &page{Style: style}
	if len(entries) == 0 {
		p.put(0, say("nothing was installed yet"))
		return p.writeTo(w)
	}
	rows := []row{{cells: []line{nil, column("generation"), column("when"), column("request"), column("by"), column("outcome"), column("reason")}}}
	for _, e := range entries {
		rows = append(rows, entry(e, now))
	}
	p.table(0, rows)
	return p.writeTo(w)
}

func column(name string) line { return line{{name, faint}} }

func entry(e Entry, now time.Time) row {
	installed := line(nil)
	number := plain
	if e.Installed {
		installed, number = line{{"*", strong}}, strong
	}
	t := entryTone(e.Outcome)
	reason := e.Reason
	if e.Took > 0 {
		reason = joined(", ", reason, "took "+seconds(e.Took))
	}
	return row{cells: []line{
		installed, {{strconv.Itoa(e.Generation), number}}, say(ago(e.At, now)), say(e.Request), say(e.By),
		{{e.Outcome, toneOfText(t)}}, say(reason),
	}}
}

func entryTone(outcome string) tone {
	switch Outcome(outcome) {
	case Refused, RolledBack, Broken, "rejected":
		return bad
	default:
		return good
	}
}
