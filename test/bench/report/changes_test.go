package report

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/bench/result"
)

func TestChanges(t *testing.T) {
	row := func(bench, subject, name, unit string, n int, median result.Number) result.Row {
		return result.Row{Bench: bench, Subject: subject, Case: name, Unit: unit, N: n, Median: median, P99: median}
	}
	const new, each, all = "requests on new connections", ", for each reload", ", in all"
	got := Changes([]result.Row{
		row("reload", "systemctl reload", new+each, result.FailedRequests, 200, 0),
		row("reload", "systemctl reload", new+all, result.FailedRequests, 1, 59),
		row("reload", "systemctl reload", new+all, result.Requests, 1, 43483),
		row("reload", "lbsup", new+each, result.FailedRequests, 200, 0),
		row("reload", "lbsup", new+all, result.FailedRequests, 1, 0),
		row("reload", "lbsup", new+all, result.Requests, 1, 1234567),
		row("plan-cost", "lbsup", "1000 servers: parse", result.Milliseconds, 20, 8),
		row("plan-cost", "lbsup", "1000 servers: parse + render + difference", result.Milliseconds, 20, 12.5),
	})
	want := "| lost over so many reloads under load | **lbsup** | `systemctl reload haproxy` |\n|---|--:|--:|\n" +
		"| requests on new connections | **0 of 1,234,567 requests, 200 reloads** | 59 of 43,483 requests, 200 reloads |\n\n" +
		"| how long | median | p99 | runs |\n|---|--:|--:|--:|\n| lbsup: 1000 servers: parse + render + difference | 12 ms | 12 ms | 20 |\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
}
