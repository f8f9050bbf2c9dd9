package report

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

func TestHow(t *testing.T) {
	began := time.Date(2026, 11, 20, 19, 0, 0, 0, time.UTC)
	in := func(began time.Time, row result.Row) result.Row {
		row.Began = began
		return row
	}
	ours, theirs := outage(pair.Lbsup, "power-off", 5, 6), outage(pair.Documented, "power-off", 7, 8)
	for _, row := range []struct {
		name string
		rows []result.Row
		want string
	}{
		{"one run", []result.Row{in(began, ours), in(began, theirs)}, "Measured in one run, lbsup by itself and then the others side by side; n = 2 of each number."},
		{"one of them again", []result.Row{in(began, ours), in(began.Add(time.Hour), theirs)}, "Measured in more than one run; n = 2 of each number."},
		{"rows that do not say", []result.Row{ours, theirs}, "Measured in more than one run; n = 2 of each number."},
		{"not as often", []result.Row{in(began, ours), in(began, outage(pair.Documented, "power-off", 7)), in(began, outage(pair.Documented, "network-cut", 7, 8, 9))},
			"Measured in one run, lbsup by itself and then the others side by side; n: lbsup 2, systemctl-is-active 1 to 3."},
	} {
		if got := how(outages(row.rows)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
