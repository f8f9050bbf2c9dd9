package report

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Table prints the outages, who they were measured with, and how many times longer they were than ours; then what must be zero, and when the address moved.
func Table(w io.Writer, rows []result.Row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nwithout an answer\tpair\truns\tmedian\tp99\tmax\taddress moved in\tmedian / lbsup's")
	for _, g := range outages(rows) {
		ours, measured := g.of(pair.Lbsup)
		for i, row := range g.rows {
			name, ratio := g.name, ""
			if i > 0 {
				name = ""
			}
			if measured && row.Subject != pair.Lbsup {
				ratio = times(row.Median, ours.Median)
			}
			moved := ""
			if takeover, ok := find(rows, failover.Takeover, row.Subject, row.Case); ok {
				moved = ms(takeover.Median)
			}
			fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", name, row.Subject, row.N, ms(row.Median), ms(row.P99), ms(row.Max), moved, ratio)
		}
	}
	if counted := counts(rows); len(counted) > 0 {
		fmt.Fprintln(t, "\nmust not happen\tpair\truns\tall of them")
		for _, row := range counted {
			fmt.Fprintf(t, "%s\t%s\t%d\t%s %s\n", row.Case, row.Subject, row.N, value(total(row), row.Unit), row.Unit)
		}
	}
	_ = t.Flush() // what cannot be printed cannot be said either
}

// Plain prints rows of other benchmarks.
func Plain(w io.Writer, rows []result.Row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "what\tof\tn\tmedian\tp99\tmax\tunit")
	for _, row := range rows {
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\t%s\t%s\n", row.Case, row.Subject, row.N,
			value(row.Median, row.Unit), value(row.P99, row.Unit), value(row.Max, row.Unit), row.Unit)
	}
	_ = t.Flush()
}
