package main

import (
	"context"
	"fmt"
	"os"

	need "github.com/lbsup/lbsup/render/host"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/host"
	"github.com/lbsup/lbsup/supervisor/status"
)

func hostCommand() command {
	var node, file string
	var asJSON bool
	f := newFlags("host")
	f.StringVar(&file, "file", "", "the cluster `FILE`, - for standard input; without it, /etc/lbsup/lbsup.yaml")
	f.StringVar(&node, "node", "", "the `node` to look at; without it, this host")
	f.BoolVar(&asJSON, "json", false, "everything, for programs; keys are added and never change")
	return command{
		name: "host", args: "[--file FILE] [--node NODE] [--json] [apply]", summary: "what the cluster file needs of this host; apply installs it",
		about: `Shows what the host must give: firewalld services with exactly the ports of the cluster
file and the adverts of its peers, the same as rules of nftables, and the sysctls that
matter for this file, each with its reason. It also names the sysctls that hand-built
pairs set and this one does without.

lbsup host apply, as root, installs the services, adds them to the zones of their
interfaces, and sets the sysctls, now and for the next boot. It says what it did; a second
time it does nothing. A firewall other than firewalld is left to its owner.`,
		outcomes: []outcome{{exitOK, "shown, or installed"}, {exitNo, "the file has problems, or something could not be installed"}, usageWrong},
		example:  "lbsup host\nsudo lbsup host apply",
		flags:    f,
		maxArgs:  1,
		run: func(ctx context.Context, p *program, args []string) int {
			if len(args) > 0 && args[0] != "apply" {
				return p.usage("host", fmt.Sprintf("cannot use argument %q: the only one is apply", args[0]), "name a cluster file with --file")
			}
			needs, code := p.needs(ctx, file, node)
			switch {
			case code != exitOK:
				return code
			case len(args) > 0:
				return p.hostApply(ctx, needs, asJSON)
			case asJSON:
				return p.wrote(p.json(needs))
			default:
				_, err := fmt.Fprint(p.stdout, needs.Text())
				return p.wrote(err)
			}
		},
	}
}

// needs are those of one node of a cluster file.
func (p *program) needs(ctx context.Context, file, node string) (need.Needs, int) {
	var args []string
	if file != "" {
		args = []string{file}
	}
	c, _, ok := p.cluster(ctx, args)
	if !ok {
		return need.Needs{}, exitNo
	}
	names, err := nodesFor(c, node)
	if err != nil {
		return need.Needs{}, p.fail(err)
	}
	l, err := c.Local(names[0])
	if err != nil {
		return need.Needs{}, p.fail(err)
	}
	return need.Of(l), exitOK
}

func (p *program) hostApply(ctx context.Context, needs need.Needs, asJSON bool) int {
	if os.Geteuid() != 0 {
		return p.fail(hinted("use sudo", "cannot change the host as this user"))
	}
	steps, err := host.Installer{Run: runProgram}.Install(ctx, needs)
	shown := p.steps(steps, asJSON)
	if err != nil {
		return p.fail(err)
	}
	return p.wrote(shown)
}

// steps says what was done.
func (p *program) steps(steps []host.Step, asJSON bool) error {
	if asJSON {
		return p.json(struct {
			Steps []host.Step `json:"steps"`
		}{append([]host.Step{}, steps...)})
	}
	var remarks []status.Remark
	changed := 0
	for _, s := range steps {
		kind, text := status.Open, "as it was: "+s.What
		if s.Changed {
			kind, text = status.Fine, "changed: "+s.What
			changed++
		}
		remarks = append(remarks, status.Remark{Kind: kind, Text: text})
	}
	head := "nothing to do: the host is as the cluster file needs it"
	if changed > 0 {
		head = count(changed, "change")
	}
	return status.RemarksText(p.stdout, status.Remark{Kind: status.Fine, Text: head}, remarks, "", p.style(p.stdout))
}

// runProgram runs a program of the host. One that is not there is an error, one that fails is not.
func runProgram(ctx context.Context, argv ...string) (string, int, error) {
	ctx, cancel := context.WithTimeout(ctx, patientWithDaemons)
	defer cancel()
	exit, err := apply.Run(ctx, argv...)
	if err == nil && exit.Signal != 0 {
		err = fmt.Errorf("it was ended by signal %v", exit.Signal)
	}
	return exit.Output, exit.Code, err
}

// wrote is the exit code after the answer was written, or could not be.
func (p *program) wrote(err error) int {
	if err != nil {
		return p.fail(err)
	}
	return exitOK
}
