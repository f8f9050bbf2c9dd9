package timeline

import (
	"strconv"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// because is a cause and what shows it, oldest first.
type because struct {
	text  string
	chain []*status.Moment

	elsewhere bool // nothing here led to it: the reason is on another node
}

// cause chooses among the facts of a move: what certainly moves VIPs before what only may.
func (e explaining) cause(i status.Instance, m move) status.Account {
	b, note := e.because(i, m), ""
	if b.elsewhere {
		b, note = e.elsewhere(i, m, b)
	}
	a := status.Account{What: "the VIPs of " + i.Name + " " + went(m.here), When: m.at, Because: b.text, Note: note, Chain: []status.Moment{}}
	for _, one := range b.chain {
		if one != nil {
			a.Chain = append(a.Chain, *one)
		}
	}
	inOrder(a.Chain)
	return a
}

func (e explaining) because(i status.Instance, m move) because {
	switch f := e.facts(i, m); {
	case m.unseen:
		gone := last(e.within(time.Time{}, m.at), func(x status.Moment) bool { return x.Kind == status.LbsupKind && x.Fields["to"] == gone })
		return because{text: "it happened before, while lbsup did not run", chain: []*status.Moment{gone}}
	case m.here:
		return f.came(e.self, e.peer(), e.preferred(i))
	default:
		return f.left(e.peer(), e.preferred(i))
	}
}

func (f facts) left(peer string, preferred bool) because {
	switch {
	case f.ended != nil && (f.check == nil || f.check.Time.Before(f.at.Add(-beside))):
		return because{text: f.ended.Text, chain: []*status.Moment{f.ended, f.role}}
	case f.check != nil:
		return because{text: told(f.check), chain: []*status.Moment{f.daemon, f.check, f.priority, f.role}}
	case f.change != nil:
		return because{text: asked(f.change), chain: []*status.Moment{f.change, f.activation, f.priority, f.role}}
	case f.priority != nil:
		return because{text: f.priority.Reason, chain: []*status.Moment{f.priority, f.role}}
	case f.reload != nil:
		return because{text: f.reload.Text, chain: []*status.Moment{f.reload, f.role}}
	case f.role != nil && f.role.Fields["to"] == "FAULT":
		return because{text: told(f.role), chain: []*status.Moment{f.role}}
	case f.clock != nil && preferred: // another one loses them to the preferred node anyhow
		return because{text: f.clock.Text, chain: []*status.Moment{f.clock, f.role}}
	case preferred:
		return because{text: peer + " claims them with a higher priority; nothing changed here", chain: []*status.Moment{f.role}, elsewhere: true}
	default:
		return because{text: peer + " claims them again, and is preferred; nothing changed here", chain: []*status.Moment{f.role}, elsewhere: true}
	}
}

func (f facts) came(self, peer string, preferred bool) because {
	switch newest := latest(f.priority, f.started, f.mended); {
	case f.change != nil:
		return because{text: asked(f.change), chain: []*status.Moment{f.change, f.activation, f.priority, f.role}}
	case newest == nil || newest != f.priority && !preferred:
		return because{text: peer + " no longer claims them: it failed, was stopped or is not heard; nothing changed here", chain: []*status.Moment{f.role}, elsewhere: true}
	case newest == f.started:
		return because{text: self + " is preferred, and " + f.started.Text, chain: []*status.Moment{f.started, f.role}}
	case newest == f.mended:
		return because{text: self + " is preferred, and its interfaces are up again", chain: []*status.Moment{f.mended, f.role}}
	case f.check != nil:
		return because{text: self + " is preferred and well again: " + told(f.check), chain: []*status.Moment{f.daemon, f.check, f.priority, f.role}}
	default:
		return because{text: self + " is preferred and " + f.priority.Reason, chain: []*status.Moment{f.priority, f.role}}
	}
}

// latest is the newest of the moments that are on record.
func latest(ms ...*status.Moment) (newest *status.Moment) {
	for _, m := range ms {
		if m != nil && (newest == nil || m.Time.After(newest.Time)) {
			newest = m
		}
	}
	return newest
}

// told is what happened with its reason.
func told(m *status.Moment) string {
	if m.Reason == "" {
		return m.Text
	}
	return m.Text + ": " + m.Reason
}

func asked(m *status.Moment) string {
	if m.By == "" {
		return m.Text
	}
	return m.Text + " by " + m.By
}

// peer names the other node of a pair; of more nodes nobody here can know which one it was.
func (e explaining) peer() string {
	if len(e.snap.Nodes) == 2 {
		for _, n := range e.snap.Nodes {
			if n.Name != e.snap.Node {
				return n.Name
			}
		}
	}
	return "another node"
}

func (e explaining) preferred(i status.Instance) bool {
	return len(i.Prefer) > 0 && i.Prefer[0] == e.snap.Node
}

// number reads a field; what is not there is no number.
func number(m status.Moment, field string) (int, bool) {
	n, err := strconv.Atoi(m.Fields[field])
	return n, err == nil
}
