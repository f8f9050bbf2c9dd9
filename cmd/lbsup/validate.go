package main

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/status"
)

func validateCommand() command {
	return command{
		name: "validate", args: "[FILE]", summary: "all problems of a cluster file; asks the installed daemons too",
		about: `Checks a cluster file (- is standard input; without one, /etc/lbsup/lbsup.yaml) and says
everything that is wrong with it at once, and what is allowed but has cost others a failover.
A good one is rendered for every node and put before HAProxy and keepalived, where they are
installed. Any user can do this on any machine: what cannot be judged here, such as another
host's interfaces or certificates, is named and is no error. Nothing is installed.`,
		outcomes: []outcome{{exitOK, "the file is good"}, {exitNo, "it is not"}, usageWrong},
		example:  "lbsup validate lbsup.yaml",
		maxArgs:  1,
		run: func(ctx context.Context, p *program, args []string) int {
			c, name, ok := p.cluster(ctx, args)
			if !ok {
				return exitNo
			}
			known, notes := secrets(c)
			if problems := checkSecrets(c, known); len(problems) > 0 {
				p.refuse(name, problems)
				return exitNo
			}
			g := p.progress()
			t, err := try(ctx, c, look(ctx, findDaemon), g.tell)
			g.done()
			if err != nil {
				return p.fail(err)
			}
			for _, w := range keepalived.Warnings(c) {
				t.risky(w)
			}
			for _, note := range notes {
				t.open("not checked: " + note)
			}
			return p.validated(c, name, t)
		},
	}
}

// validated says what came out of it.
func (p *program) validated(c *cluster.Cluster, name string, t trial) int {
	if t.failed {
		head := status.Remark{Kind: status.Wrong, Text: name + " is a good cluster file, but a daemon refuses what comes out of it"}
		if err := status.RemarksText(p.stderr, head, t.sorted(), t.output, p.style(p.stderr)); err != nil {
			return p.fail(err)
		}
		return p.fail(hinted("raw lines and hand-written files are the usual reason", "cannot accept cluster file %q", name))
	}
	head := status.Remark{Kind: status.Fine, Text: fmt.Sprintf("%s is good: cluster %s, %s, %s, %s", name, c.Name,
		count(len(c.Nodes), "node"), count(len(c.VRRP.Instances), "VRRP instance"), count(len(c.Services), "service"))}
	if err := status.RemarksText(p.stdout, head, t.sorted(), "", p.style(p.stdout)); err != nil {
		return p.fail(err)
	}
	return exitOK
}
