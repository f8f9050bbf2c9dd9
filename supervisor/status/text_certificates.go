package status

import "time"

// SoonEnding is how long before its end a certificate is worth a warning: those of an hour's or a month's life have been
// renewed long before.
const SoonEnding = 14 * 24 * time.Hour

// certificates says until when each certificate is good.
func (p *page) certificates(s Snapshot) {
	if len(s.Certificates) == 0 {
		return
	}
	p.title("Certificates")
	var rows []row
	for _, c := range s.Certificates {
		t, text := lasts(c, s.Time)
		rows = append(rows, row{cells: []line{{p.mark(t), {c.File, plain}}, {{text, toneOfText(t)}}}})
	}
	p.table(2, rows)
}

func lasts(c Certificate, now time.Time) (tone, string) {
	switch left := c.Ends.Sub(now); {
	case left <= 0:
		return bad, "ended " + ago(c.Ends, now)
	case left < SoonEnding:
		return warn, "ends in " + about(left)
	default:
		return good, "ends in " + about(left)
	}
}
