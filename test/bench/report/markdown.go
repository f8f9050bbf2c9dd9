package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Markdown is the table for people, measured on a machine with so many cores: a line for each failure, a column for each pair, medians of the others and the whole of ours.
func Markdown(rows []result.Row, cores int) string {
	groups := outages(rows)
	var b strings.Builder
	b.WriteString("| what dies on the node that has the VIP | **lbsup** median | p99 |")
	rule := "|---|--:|--:|"
	for _, s := range others(groups) {
		fmt.Fprintf(&b, " %s |", columns[s.Name])
		rule += "--:|"
	}
	fmt.Fprintf(&b, " %s / lbsup |\n%s--:|\n", columns[pair.Documented], rule)
	for _, g := range groups {
		markdownLine(&b, g, others(groups))
	}
	for _, line := range countLines(rows) {
		b.WriteString(line)
	}
	fmt.Fprintf(&b, "\n%s\n", legend(rows, groups, cores))
	return b.String()
}

// columns are the heads of the table.
var columns = map[string]string{
	pair.Documented: "`systemctl is-active`",
	"killall-0":     "`killall -0`",
	"curl-script":   "curl script",
	"track-process": "`track_process`",
}

// others are the subjects beside lbsup that have been measured.
func others(groups []group) []pair.Subject {
	var found []pair.Subject
	for _, s := range pair.Subjects() {
		for _, g := range groups {
			if _, ok := g.of(s.Name); ok && s.Name != pair.Lbsup {
				found = append(found, s)
				break
			}
		}
	}
	return found
}

func markdownLine(b *strings.Builder, g group, others []pair.Subject) {
	ours, measured := g.of(pair.Lbsup)
	fmt.Fprintf(b, "| %s |", g.title)
	if measured {
		fmt.Fprintf(b, " **%s** | %s |", ms(ours.Median), ms(ours.P99))
	} else {
		b.WriteString(" | |")
	}
	for _, s := range others {
		text := ""
		if row, ok := g.of(s.Name); ok {
			text = ms(row.Median)
		}
		fmt.Fprintf(b, " %s |", text)
	}
	ratio := ""
	if row, ok := g.of(pair.Documented); ok && measured {
		ratio = times(row.Median, ours.Median)
	}
	fmt.Fprintf(b, " %s |\n", ratio)
}

// countLines say what did not happen when lbsup itself died, one line a case.
func countLines(rows []result.Row) []string {
	var lines []string
	for _, c := range failover.Cases() {
		var parts []string
		n := 0
		for _, row := range counts(rows) {
			if row.Case == c.Name && row.Subject == pair.Lbsup {
				parts, n = append(parts, value(total(row), row.Unit)+" "+row.Unit), row.N
			}
		}
		if len(parts) > 0 {
			lines = append(lines, fmt.Sprintf("\n%s, %d times: %s.\n", c.Title, n, strings.Join(parts, ", ")))
		}
	}
	return lines
}

// legend is what a reader must know to believe a number.
func legend(rows []result.Row, groups []group, cores int) string {
	return fmt.Sprintf(`Medians of the time for which a client got no answer. It asks the VIP every 5 ms, each time over a new connection, and gives each
request 800 ms; an outage lasts from the first request that failed to the first answer after the last one that did. *0*: no
request failed (a killed keepalived leaves the address on a node that still works; the others leave it there until somebody comes, on two
nodes at once). *never*: not within %.0f s. %s Booted hosts on one machine with %d cores, %s. All of it again:
`+"`sudo make bench-failover`; one number: `sudo make bench-failover SUBJECT=%s CASE=kill-9-haproxy RUNS=5`.",
		failover.Limit.Seconds(), how(groups), cores, latest(rows).Format("2 January 2006"), pair.Documented)
}

func latest(rows []result.Row) time.Time {
	var at time.Time
	for _, row := range rows {
		if row.At.After(at) {
			at = row.At
		}
	}
	return at
}
