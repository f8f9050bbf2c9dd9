package main

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/status"
)

// failover works out what happens when something dies. It needs the cluster file and nothing else.
func (p *program) failover(ctx context.Context, args []string, asJSON bool) int {
	c, _, ok := p.cluster(ctx, args)
	if !ok {
		return exitNo
	}
	var err error
	if told := failoverOf(c); asJSON {
		err = p.json(told)
	} else {
		err = status.FailoverText(p.stdout, told, p.style(p.stdout))
	}
	if err != nil {
		return p.fail(err)
	}
	return exitOK
}

// failoverOf says in the words of status what the plan has worked out.
func failoverOf(c *cluster.Cluster) status.Failover {
	out := status.Failover{Cluster: c.Name, Warnings: []status.Advice{}, RuledOut: keepalived.RuledOut()}
	for _, f := range keepalived.Failovers(c) {
		in := status.FailoverInstance{Name: f.Instance, Holder: f.Holder, Next: f.Next, Return: f.Return}
		for _, one := range f.Cases {
			in.Cases = append(in.Cases, caseOf(one))
		}
		out.Instances = append(out.Instances, in)
	}
	for _, w := range keepalived.Warnings(c) {
		out.Warnings = append(out.Warnings, status.Advice{Where: w.Where, What: w.Text, Hint: w.Hint})
	}
	return out
}

func caseOf(c keepalived.Case) status.FailoverCase {
	out := status.FailoverCase{
		Name: c.Name, What: c.What, NoticedBy: c.Noticed, Outcome: string(c.Outcome), TakesOver: c.To,
		Worst: milliseconds(c.Worst()), Terms: []status.FailoverTerm{}, Formula: c.Formula(), Note: c.Note,
	}
	for _, t := range c.Terms {
		out.Terms = append(out.Terms, status.FailoverTerm{What: t.What, Took: milliseconds(t.Took)})
	}
	return out
}

// milliseconds keeps microseconds and no more: a program that reads them has no use for the rest.
func milliseconds(d time.Duration) float64 {
	return float64(d.Round(time.Microsecond).Microseconds()) / 1000
}
