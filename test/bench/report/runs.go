package report

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/test/bench/pair"
)

// how says in one sentence how often everybody was measured, and whether in one run.
func how(groups []group) string {
	together := "in one run, lbsup by itself and then the others side by side"
	if !sideBySide(groups) {
		together = "in more than one run"
	}
	fewest, most := 0, 0
	var each []string
	for _, s := range pair.Subjects() {
		few, many := runsOf(s, groups)
		if many == 0 {
			continue
		}
		each = append(each, s.Name+" "+span(few, many))
		if fewest == 0 || few < fewest {
			fewest = few
		}
		most = max(most, many)
	}
	if fewest == most {
		return fmt.Sprintf("Measured %s; n = %d of each number.", together, most)
	}
	return fmt.Sprintf("Measured %s; n: %s.", together, strings.Join(each, ", "))
}

// sideBySide says whether all of it comes from one run.
func sideBySide(groups []group) bool {
	for _, g := range groups {
		for _, row := range g.rows {
			if first := groups[0].rows[0]; row.Began.IsZero() || !row.Began.Equal(first.Began) {
				return false
			}
		}
	}
	return len(groups) > 0
}

// runsOf is how often the cases of one pair were measured, at least and at most.
func runsOf(s pair.Subject, groups []group) (fewest, most int) {
	for _, g := range groups {
		row, ok := g.of(s.Name)
		if !ok {
			continue
		}
		if most == 0 || row.N < fewest {
			fewest = row.N
		}
		most = max(most, row.N)
	}
	return fewest, most
}

func span(fewest, most int) string {
	if fewest == most {
		return fmt.Sprint(most)
	}
	return fmt.Sprintf("%d to %d", fewest, most)
}
