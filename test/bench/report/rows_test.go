package report

import (
	"math"
	"time"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

var never = math.Inf(1)

func row(q failover.Quantity, subject, name string, values ...float64) result.Row {
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	return result.Summary(result.Row{Bench: q.Bench, Unit: q.Unit, Subject: subject, Case: name, At: at}, values)
}

func outage(subject, name string, values ...float64) result.Row {
	return row(failover.Outage, subject, name, values...)
}

// example is a small benchmark in which everything occurs that a report must cope with.
func example() []result.Row {
	return []result.Row{
		outage(pair.Documented, "kill-9-haproxy", 20000, 22331.4),
		outage(pair.Lbsup, "kill-9-haproxy", 10.4, 11.2, 31),
		row(failover.Takeover, pair.Lbsup, "kill-9-haproxy", 6.5, 7.7, 8.9),
		outage("track-process", "kill-9-haproxy", 617),
		outage(pair.Lbsup, "sigstop-haproxy", 1414),
		outage(pair.Documented, "sigstop-haproxy", never, never),
		outage("curl-script", "sigstop-haproxy", 7851),
		outage(pair.Lbsup, "kill-9-keepalived", 21, 51),
		outage(pair.Documented, "kill-9-keepalived", 0),
		outage(pair.Lbsup, "both-dead-one-back", 637),
		row(failover.Moves, pair.Lbsup, "lbsup-killed", 0, 0, 0),
		row(failover.FailedChecks, pair.Lbsup, "lbsup-killed", 0, 1, 1),
		row(failover.FailedRequests, pair.Lbsup, "lbsup-killed", 0, 0, 0),
	}
}
