package haproxy

import (
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// routes compares where requests go. Values of a condition can come and go at run time; conditions and routes cannot.
func (d *difference) routes(where string, b, a cluster.Service) {
	if !alike(b.Routes, a.Routes) {
		d.reload(where, "routes changed")
		return
	}
	was, is := numbersOfConditions(d.before), numbersOfConditions(d.after)
	for i := range a.Routes {
		for _, kind := range conditionKinds {
			before, after := kind.values(b.Routes[i]), kind.values(a.Routes[i])
			added, removed := without(after, before), without(before, after)
			if len(added)+len(removed) == 0 {
				continue
			}
			name := condition{a.Name, i, kind}.String()
			first, numbered := is[name]
			if !numbered || was[name] != first || slices.ContainsFunc(added, wordless) || slices.ContainsFunc(removed, wordless) {
				d.reload(where, "routes changed")
				continue
			}
			d.change(where, "route to "+a.Routes[i].To+": "+kind.key+" "+both(added, removed), SetPatterns{First: first, Values: slices.Clone(after)})
		}
	}
}

// alike says whether two lists of routes lead to the same pools by the same kinds of conditions.
func alike(b, a []cluster.Route) bool {
	return slices.EqualFunc(b, a, func(x, y cluster.Route) bool {
		for _, kind := range conditionKinds {
			if (len(kind.values(x)) == 0) != (len(kind.values(y)) == 0) {
				return false
			}
		}
		return x.To == y.To
	})
}

func without(list, other []string) (out []string) {
	for _, v := range list {
		if !slices.Contains(other, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// wordless says whether a value is more than one word of the runtime API's command line.
func wordless(value string) bool { return strings.ContainsAny(value, "\\;<>\"'!#$&*?^`{|}~") }

func both(added, removed []string) string {
	var parts []string
	if len(added) > 0 {
		parts = append(parts, strings.Join(added, ", ")+" added")
	}
	if len(removed) > 0 {
		parts = append(parts, strings.Join(removed, ", ")+" removed")
	}
	return strings.Join(parts, "; ")
}
