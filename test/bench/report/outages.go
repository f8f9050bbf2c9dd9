package report

import (
	"slices"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// group is one case with the outages of everyone who was measured in it, ours first.
type group struct {
	title string
	name  string
	rows  []result.Row
}

// outages groups the failover rows that are times, in the order of the cases and subjects.
func outages(rows []result.Row) []group {
	var groups []group
	for _, c := range failover.Cases() {
		g := group{title: c.Title, name: c.Name}
		for _, s := range pair.Subjects() {
			if row, ok := find(rows, failover.Outage, s.Name, c.Name); ok {
				g.rows = append(g.rows, row)
			}
		}
		if len(g.rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// counts are the failover rows that are numbers of things that must not happen.
func counts(rows []result.Row) []result.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r result.Row) bool {
		return r.Bench != failover.Outage.Bench || r.Unit == result.Milliseconds
	})
}

func find(rows []result.Row, q failover.Quantity, subject, name string) (result.Row, bool) {
	i := slices.IndexFunc(rows, func(r result.Row) bool {
		return r.Bench == q.Bench && r.Unit == q.Unit && r.Subject == subject && r.Case == name
	})
	if i < 0 {
		return result.Row{}, false
	}
	return rows[i], true
}

// of is a subject's row in a group.
func (g group) of(subject string) (result.Row, bool) {
	i := slices.IndexFunc(g.rows, func(r result.Row) bool { return r.Subject == subject })
	if i < 0 {
		return result.Row{}, false
	}
	return g.rows[i], true
}

func total(row result.Row) result.Number {
	var sum result.Number
	for _, n := range row.Raw {
		sum += n
	}
	return sum
}
