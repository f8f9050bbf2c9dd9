package report

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// Promise is the worst case that the planner states for a case, in milliseconds.
type Promise struct {
	Worst   float64
	Formula string
}

// plannedAs are the cases that the planner knows by another name.
var plannedAs = map[string]string{"network-cut": "host-dead", "power-off": "host-dead", "server-dead": "api-failed"}

// Promises reads what `lbsup plan --failover --json` printed: the cases of its first instance, by the benchmark's names. A case that moves nothing has no
// worst case.
func Promises(plan []byte) (map[string]Promise, error) {
	var read struct {
		Instances []struct {
			Cases []struct {
				Name    string  `json:"name"`
				Outcome string  `json:"outcome"`
				Worst   float64 `json:"worst_ms"`
				Formula string  `json:"formula"`
			} `json:"cases"`
		} `json:"instances"`
	}
	if err := json.Unmarshal(plan, &read); err != nil {
		return nil, fmt.Errorf("cannot read the plan: %v", err)
	}
	if len(read.Instances) == 0 {
		return nil, fmt.Errorf("cannot read the plan: it has no instance")
	}
	planned := map[string]Promise{}
	for _, c := range read.Instances[0].Cases {
		if c.Outcome == "moves" {
			planned[c.Name] = Promise{Worst: c.Worst, Formula: c.Formula}
		}
	}
	promises := map[string]Promise{}
	for _, c := range failover.Cases() {
		name := c.Name
		if other, ok := plannedAs[name]; ok {
			name = other
		}
		if promise, ok := planned[name]; ok {
			promises[c.Name] = promise
		}
	}
	return promises, nil
}

// Compare prints what was measured of lbsup beside what the planner promises. A promise must hold for every value, and not be more than twice the p99. It
// returns how many do not.
func Compare(w io.Writer, rows []result.Row, promises map[string]Promise) (wrong int) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\nplanned\tworst case\tmeasured p99\tmax\tjudgement\tby arithmetic")
	for _, c := range failover.Cases() {
		promise, ok := promises[c.Name]
		row, measured := measuredOf(rows, c.Name)
		if !ok || !measured {
			continue
		}
		said := judge(promise.Worst, row)
		if said != kept {
			wrong++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Name, ms(result.Number(promise.Worst)), ms(row.P99), ms(row.Max), said, promise.Formula)
	}
	_ = t.Flush()
	return wrong
}

// measuredOf is what the promise is about: the time until the address answers on the next node. That is the outage, unless the holder went on answering
// for a while; then it is the time until the address moved.
func measuredOf(rows []result.Row, name string) (result.Row, bool) {
	row, ok := find(rows, failover.Outage, pair.Lbsup, name)
	if moved, also := find(rows, failover.Takeover, pair.Lbsup, name); also && moved.P99 > row.P99 {
		return moved, ok
	}
	return row, ok
}

const kept = "kept"

func judge(worst float64, row result.Row) string {
	switch {
	case float64(row.Max) > worst:
		return "broken: it took longer"
	case worst > 2*float64(row.P99):
		return "loose: more than twice the p99"
	}
	return kept
}
