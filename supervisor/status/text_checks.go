package status

import "strings"

// checks lists every check with its verdict and the reason for it.
func (p *page) checks(s Snapshot) {
	if len(s.Checks) == 0 {
		return
	}
	p.title("Checks")
	var rows []row
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
	p.table(2, rows)
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
