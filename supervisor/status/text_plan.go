package status

import (
	"fmt"
	"io"
	"strings"
)

// PlanText writes what a reload would do.
func PlanText(w io.Writer, plan Plan, style Style) error {
	p := &page{Style: style}
	if len(plan.Problems) > 0 {
		p.putMarked(0, bad, line{{"a reload would be refused", strong}})
		p.problems(p.marked(), plan.Problems)
	}
	p.planned(plan)
	for _, note := range plan.Notes {
		p.put(0, line{{"note: ", faint}, {note, plain}})
	}
	return p.writeTo(w)
}

func (p *page) planned(plan Plan) {
	if len(plan.Effects) == 0 {
		if len(plan.Problems) == 0 {
			p.putMarked(0, good, line{{"a reload would change nothing", strong}})
		}
		return
	}
	title := "a reload would"
	if len(plan.Problems) > 0 {
		title = "if that is meant, it would"
	}
	p.put(0, line{{title, strong}})
	var rows []row
	for _, e := range plan.Effects {
		rows = append(rows, row{cells: []line{say(e.What), {{e.Reason, faint}}}})
	}
	p.table(2, rows)
	p.vips(plan.VIPs)
}

// vips says what becomes of the VIPs, also that nothing does.
func (p *page) vips(all []VIPEffect) {
	if len(all) == 0 {
		p.put(0, say("and leave every VIP where it is"))
		return
	}
	p.put(0, line{{"and VRRP would", strong}})
	var rows []row
	for _, e := range all {
		rows = append(rows, row{cells: []line{say(e.words()), {{e.Why, faint}}}})
	}
	p.table(2, rows)
}

func (e VIPEffect) words() string {
	vips := e.Instance + ": " + strings.Join(e.Addresses, ", ")
	worst := ""
	if e.Worst > 0 {
		worst = fmt.Sprintf(" within %.0f ms", e.Worst)
	}
	switch {
	case e.Outcome == VIPMoves:
		return "move " + vips + " to " + e.To + worst
	case e.Outcome == VIPComes && e.To != "":
		return "bring " + vips + " up on " + e.To + worst
	case e.Outcome == VIPComes:
		return "bring " + vips + " up"
	case e.Outcome == VIPGoes:
		return "take " + vips + " away"
	default:
		return "have " + vips + " on several nodes for a while"
	}
}
