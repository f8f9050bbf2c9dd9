package main

import (
	"context"
	"os"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/doctor"
)

func doctorCommand() command {
	var node, file string
	var asJSON, fix bool
	f := newFlags("doctor")
	f.StringVar(&file, "file", "", "the cluster `FILE`, - for standard input; without it, /etc/lbsup/lbsup.yaml")
	f.StringVar(&node, "node", "", "this host's `name` in the cluster file; without it, by the host's own name")
	f.BoolVar(&fix, "fix", false, "also run the safe fixes, after showing them (root)")
	f.BoolVar(&asJSON, "json", false, "everything, for programs; keys are added and never change")
	return command{
		name: "doctor", args: "[--fix] [--file FILE] [--node NODE] [--json]", summary: "examine this host and its pair; says what is wrong and which command fixes it",
		about: `Examines everything that the cluster file rests on and says, one line each, whether it is
ok, a warning or failing, with the command that fixes it, or, where a person has to decide,
one that shows more: the daemons and their units, who listens, the firewall, SELinux, the
sysctls that matter for this file, every server name, certificates, the clock, disks, what
a pair built by hand has left. It listens a few seconds for adverts, below the firewall and
behind it, which tells a silent peer from a firewall that drops, and finds a stranger with
the same router ID or the same VIP.

It works with and without a running supervisor, and changes nothing without --fix. A safe
fix ends no connection, moves no VIP and removes nothing; the others are shown only. As
root it sees everything.

--json writes one object: cluster and node, the names; findings, a list in the order of the
lines; fixed, what --fix ran, each with its command and, where it did not work, a problem.
A finding has an id, which says what was examined and stays the same (unit.haproxy.service,
port.443); a level (ok, warning, failing); what, the line; where there are any, fix, the
command that mends it, and see, one that shows more; and safe, true where --fix runs it.`,
		outcomes: []outcome{{exitOK, "nothing is failing"}, {exitNo, "something is failing, or could not be examined"}, usageWrong},
		example:  "sudo lbsup doctor\nsudo lbsup doctor --fix",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			if fix && file != "" {
				return p.usage("doctor", "cannot fix this host for another cluster file: --fix goes without --file", "install the file as /etc/lbsup/lbsup.yaml first")
			}
			if fix && os.Geteuid() != 0 {
				return p.fail(hinted("use sudo", "cannot fix anything as this user"))
			}
			l, err := p.patient(ctx, file, node)
			if err != nil {
				return p.fail(err)
			}
			if l == nil {
				return exitNo // and why has been said
			}
			return p.doctor(ctx, l, fixes{wanted: fix, node: node, quiet: asJSON})
		},
	}
}

// patient is the cluster as the node sees it that is to be examined; nil where the cluster file is wrong.
func (p *program) patient(ctx context.Context, file, node string) (*cluster.Local, error) {
	var args []string
	if file != "" {
		args = []string{file}
	}
	c, _, ok := p.cluster(ctx, args)
	if !ok {
		return nil, nil
	}
	names, err := nodesFor(c, node)
	if err != nil {
		return nil, err
	}
	return c.Local(names[0])
}

// rounds is how often fixes are looked for: one may uncover another, and none is run twice.
const rounds = 3

func (p *program) doctor(ctx context.Context, l *cluster.Local, fix fixes) int {
	h := p.host()
	examine := func() []doctor.Finding {
		g := p.progress()
		defer g.done()
		return doctor.Examine(doctor.Gather(ctx, h, l, g.tell), l)
	}
	findings := examine()
	for range rounds {
		if !fix.wanted || ctx.Err() != nil || !p.fix(ctx, findings, &fix) {
			break
		}
		findings = examine()
	}
	if ctx.Err() != nil {
		return p.fail(ctx.Err())
	}
	if err := p.diagnosis(l, findings, fix); err != nil {
		return p.fail(err)
	}
	return yes(!doctor.Failed(findings))
}
