package report

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// inAll ends the name of a row that sums up a whole benchmark.
const inAll = ", in all"

// Changes are two tables about what a change costs: what clients lost over all reloads, beside the distribution's way, and how long things take.
func Changes(rows []result.Row) string {
	var b strings.Builder
	b.WriteString("| lost over so many reloads under load | **lbsup** | `systemctl reload haproxy` |\n|---|--:|--:|\n")
	for _, row := range rows {
		if name, ok := strings.CutSuffix(row.Case, inAll); ok && row.Subject == pair.Lbsup && row.Unit != result.Requests {
			fmt.Fprintf(&b, "| %s | **%s** | %s |\n", name, lost(rows, row), lost(rows, theirs(row)))
		}
	}
	b.WriteString("\n| how long | median | p99 | runs |\n|---|--:|--:|--:|\n")
	for _, row := range rows {
		if row.Unit == result.Milliseconds && !isPart(row.Case) {
			fmt.Fprintf(&b, "| %s: %s | %s | %s | %d |\n", row.Subject, row.Case, ms(row.Median), ms(row.P99), row.N)
		}
	}
	return b.String()
}

// isPart says that a row is a part of another.
func isPart(name string) bool {
	return strings.HasSuffix(name, ": parse") || strings.HasSuffix(name, ": render") || strings.HasSuffix(name, ": difference")
}

func theirs(row result.Row) result.Row {
	row.Subject = "systemctl reload"
	return row
}

// lost is how many requests or connections were lost, of how many, in how many reloads.
func lost(rows []result.Row, like result.Row) string {
	var failed, sent result.Number
	found := false
	reloads := 0
	for _, row := range rows {
		if row.Bench != like.Bench || row.Subject != like.Subject {
			continue
		}
		switch {
		case row.Case == like.Case && row.Unit == like.Unit:
			failed, found = row.Median, true
		case row.Case == like.Case && row.Unit == result.Requests:
			sent = row.Median
		case row.Case == strings.TrimSuffix(like.Case, inAll)+", for each reload":
			reloads = row.N
		}
	}
	if !found {
		return ""
	}
	return fmt.Sprintf("%s of %s requests, %d reloads", thousands(int(failed)), thousands(int(sent)), reloads)
}
