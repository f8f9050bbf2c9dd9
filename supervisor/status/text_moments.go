package status

import (
	"fmt"
	"io"
	"time"
)

// MomentsText writes moments, one line each, in the order given, each with its node.
func MomentsText(w io.Writer, ms []Moment, now time.Time, style Style) error {
	p := &page{Style: style}
	for _, m := range ms {
		p.moment(0, m, now, "", m.Node)
	}
	return p.writeTo(w)
}

// moment writes one line, with a node where that is to be told. A reason that was told already is left out.
func (p *page) moment(indent int, m Moment, now time.Time, known, node string) {
	at := timeOf(m.Time, now)
	t := momentTone(m)
	text := line{p.mark(t), {m.Text, toneOfText(t)}}
	if m.By != "" {
		text = append(text, piece{" by " + m.By, plain})
	}
	if m.Reason != "" && m.Reason != known {
		text = append(text, piece{": " + m.Reason, plain})
	}
	if m.More > 0 {
		text = append(text, piece{fmt.Sprintf(" (and %s more like it)", thousands(m.More)), faint})
	}
	cells := []line{{{at, faint}}}
	if node != "" {
		cells = append(cells, line{{node, plain}})
	}
	p.table(indent, []row{{cells: append(cells, text), hang: p.marked()}})
}

// timeOf is the time of day, with the day when that is another one than the reader's. Milliseconds tell what came first.
func timeOf(at, now time.Time) string {
	at = at.In(now.Location())
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04:05.000")
	}
	return at.Format("2006-01-02 15:04:05.000")
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// momentTone reads what a moment became; what merely moves on is neither good nor bad.
func momentTone(m Moment) tone {
	to := m.Fields["to"]
	switch m.Kind {
	case CheckKind:
		return healthTone(to)
	case RoleKind:
		return map[string]tone{"MASTER": good, "FAULT": bad, "STOP": warn}[to]
	case ChangeKind:
		return outcomeTone(Outcome(m.Fields["outcome"]))
	case ActivationKind:
		if m.Fields["outcome"] == "failed" {
			return bad
		}
	case DaemonKind:
		if to == "failed" || to == "inactive" || to == "deactivating" {
			return bad
		}
	case DriftKind, OrphanKind, SplitBrainKind:
		if to == "false" {
			return good
		}
		return map[Kind]tone{DriftKind: warn, OrphanKind: bad, SplitBrainKind: bad}[m.Kind]
	case ClockKind, TroubleKind:
		return warn
	}
	return plain
}

func outcomeTone(o Outcome) tone {
	switch {
	case o == "" || o == Unchanged:
		return plain
	case o.Good():
		return good
	default:
		return bad
	}
}
