package timeline

import (
	"fmt"
	"slices"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// verdict answers why a check says what it says, or said.
func (e explaining) verdict(c status.Check) status.Account {
	m, next := e.chooseVerdict(c.Name)
	if m == nil {
		return e.unchanged(c)
	}
	a := status.Account{About: c.Name, What: m.Text, When: m.Time, Because: m.Reason, Chain: []status.Moment{}}
	told := e.effect(m.Time, time.Second, func(x status.Moment) bool {
		return x.Kind == status.PriorityKind && slices.Contains(c.Moves, x.Subject)
	})
	moved := e.effect(m.Time, before, func(x status.Moment) bool { return moves(x) && slices.Contains(c.Moves, x.Fields["instance"]) })
	for _, one := range []*status.Moment{e.daemonBehind(*m), told, moved} {
		if one != nil {
			a.Chain = append(a.Chain, *one)
		}
	}
	inOrder(a.Chain)
	switch {
	case !e.span.From.IsZero() && m.Time.Before(e.span.From):
		a.Note = fmt.Sprintf("its verdict did not change between %s and %s", clock(e.span.From), clock(e.span.To))
	case next != nil:
		a.Note = fmt.Sprintf("at %s %s: %s", clock(next.Time), next.Text, next.Reason)
	}
	return a
}

// chooseVerdict picks the first change of a verdict in the span, else the last one before its end, and the one after it.
func (e explaining) chooseVerdict(check string) (chosen, next *status.Moment) {
	for n, m := range e.all {
		if m.Kind != status.CheckKind || m.Subject != check || m.Time.After(e.end()) {
			continue
		}
		if chosen != nil && !e.span.From.IsZero() && !chosen.Time.Before(e.span.From) {
			return chosen, &e.all[n]
		}
		chosen = &e.all[n]
	}
	return chosen, nil
}

func (e explaining) unchanged(c status.Check) status.Account {
	a := status.Account{About: c.Name, What: "check " + c.Name + " is " + c.Health, When: c.Since, Because: c.Reason, Chain: []status.Moment{}}
	a.Note = "no change of its verdict is on record" + e.begins()
	return a
}

// effect is the first thing of a kind that followed.
func (e explaining) effect(from time.Time, within time.Duration, fits func(status.Moment) bool) *status.Moment {
	after := e.within(from, from.Add(within))
	if n := slices.IndexFunc(after, fits); n >= 0 {
		return &after[n]
	}
	return nil
}
