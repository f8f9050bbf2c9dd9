package status

import (
	"io"
	"strings"
)

// ChecksText writes the checks of a snapshot alone.
func ChecksText(w io.Writer, s Snapshot, style Style) error {
	p := &page{Style: style}
	if len(s.Checks) == 0 {
		p.put(0, say("there are no checks until a cluster file is installed"))
	}
	p.table(0, p.checkRows(s))
	return p.writeTo(w)
}

// checks lists every check with its verdict and the reason for it.
func (p *page) checks(s Snapshot) {
	if len(s.Checks) > 0 {
		p.title("Checks")
		p.table(2, p.checkRows(s))
	}
}

func (p *page) checkRows(s Snapshot) (rows []row) {
	for _, c := range s.Checks {
		reason := say(c.Reason)
		t := healthTone(c.Health)
		if t != good && len(c.Moves) > 0 {
			reason = append(reason, piece{" (moves " + strings.Join(c.Moves, ", ") + ")", faint})
		}
		rows = append(rows, row{cells: []line{
			{p.mark(t), {c.Name, plain}}, {{c.Health, toneOfText(t)}}, say(lasting(c.Since, s.Time)), reason,
		}})
	}
	return rows
}

// healthTone reads the words of checks.Health.
func healthTone(health string) tone {
	switch health {
	case "healthy":
		return good
	case "failed":
		return bad
	case "in doubt":
		return warn
	default:
		return faint
	}
}

// toneOfText keeps what is well quiet: only the mark is coloured.
func toneOfText(t tone) tone {
	if t == good {
		return plain
	}
	return t
}
