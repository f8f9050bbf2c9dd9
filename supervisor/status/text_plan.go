package status

import "io"

// PlanText writes what a reload would do.
func PlanText(w io.Writer, plan Plan, style Style) error {
	p := &page{Style: style}
	switch {
	case len(plan.Problems) > 0:
		p.putMarked(0, bad, line{{"a reload would be refused", strong}})
		p.problems(p.marked(), plan.Problems)
	case len(plan.Effects) == 0:
		p.putMarked(0, good, line{{"a reload would change nothing", strong}})
	default:
		p.put(0, line{{"a reload would", strong}})
		var rows []row
		for _, e := range plan.Effects {
			rows = append(rows, row{cells: []line{say(e.What), {{e.Reason, faint}}}})
		}
		p.table(2, rows)
	}
	for _, note := range plan.Notes {
		p.put(0, line{{"note: ", faint}, {note, plain}})
	}
	return p.writeTo(w)
}
