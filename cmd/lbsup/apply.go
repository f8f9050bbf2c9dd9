package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/status"
)

func applyCommand() command {
	var check bool
	var request, node string
	f := newFlags("apply")
	f.BoolVar(&check, "check", false, "do everything but install")
	f.StringVar(&request, "request", string(apply.Reload), "the `kind`: reload, overwrite[-force], force, rollback-N")
	f.StringVar(&node, "node", "", "this host's `name` in the cluster file; without it, by the host's own name")
	return command{
		name: "apply", args: "[--check] [--request REQUEST] [--node NODE]", summary: "render, validate and install, as root; the supervisor starts this",
		about: `Renders the cluster file, has both daemons check the result, and installs it as a new
generation. It tells no daemon to load it: lbsup reload does all of it, and verifies. This
command must be root, reads only files that root alone can write, and is started by
lbsup-apply@.service.`,
		outcomes: []outcome{{exitOK, "installed, nothing to do, or with --check: it would be"}, {exitNo, "rejected"}, usageWrong},
		example:  "sudo lbsup apply --check",
		flags:    f,
		run: func(ctx context.Context, p *program, _ []string) int {
			asked, err := apply.ParseRequest(request)
			if err != nil {
				return p.usage("apply", err.Error(), "")
			}
			if check && asked.Kind != apply.Reload {
				return p.usage("apply", fmt.Sprintf("cannot check request %q: --check goes with a reload", asked), "")
			}
			if os.Geteuid() != 0 {
				return p.fail(hinted("use sudo, or lbsup reload, which asks the supervisor", "cannot apply as this user: it writes what root runs"))
			}
			runtime.LockOSThread() // one thread takes all the steps, so that a trace of it tells their order, and a test can hinder the n-th
			e := apply.New()
			e.Node = node
			e.Certificates = certificates{haproxy.Runtime{Socket: render.StatsSocket}}
			return p.applied(applyOrCheck(ctx, e, asked, check))
		},
	}
}

// certificates are those of the running HAProxy, for the engine.
type certificates struct{ haproxy.Runtime }

func (c certificates) Serving(ctx context.Context, file string) (string, error) {
	has, err := c.Certificate(ctx, file)
	return has.Fingerprint, err
}

func (c certificates) Set(ctx context.Context, file string, contents []byte) error {
	_, err := c.SetCertificate(ctx, file, contents)
	return err
}

func applyOrCheck(ctx context.Context, e *apply.Engine, asked apply.Request, check bool) apply.Report {
	if check {
		return e.Check(ctx)
	}
	return e.Apply(ctx, asked)
}

// applied shows a report.
func (p *program) applied(r apply.Report) int {
	var remarks []status.Remark
	for _, c := range r.Renewed {
		if c.Pushed {
			remarks = append(remarks, status.Remark{Kind: status.Fine, Text: fmt.Sprintf("HAProxy serves the certificate in %s that ends on %s, without a reload", c.File, c.Ends.Format(time.DateOnly))})
		}
	}
	for _, note := range r.Notes {
		remarks = append(remarks, status.Remark{Kind: status.Open, Text: note})
	}
	if r.Outcome == apply.Rejected {
		ps := make([]status.Problem, len(r.Problems))
		for i, one := range r.Problems {
			ps[i] = status.Problem{File: one.File, Line: one.Line, Column: one.Column, Path: one.Path, Message: one.Message, Hint: one.Hint}
		}
		p.problems(ps)
		head := status.Remark{Kind: status.Wrong, Text: fmt.Sprintf("%s rejected at stage %s: what was installed before is still there", r.Request, r.Stage)}
		if err := status.RemarksText(p.stderr, head, remarks, r.Words, p.style(p.stderr)); err != nil {
			return p.fail(err)
		}
		return p.fail(errors.New("cannot apply " + r.Request))
	}
	head := status.Remark{Kind: status.Fine, Text: summary(r)}
	if err := status.RemarksText(p.stdout, head, remarks, "", p.style(p.stdout)); err != nil {
		return p.fail(err)
	}
	return exitOK
}

func summary(r apply.Report) string {
	var to []string
	if r.HAProxy {
		to = append(to, "HAProxy")
	}
	if r.Keepalived {
		to = append(to, "keepalived")
	}
	load := ""
	if len(to) > 0 {
		load = ": " + listed(to) + " to load it"
	}
	if r.Reason != "" {
		load += " (" + r.Reason + ")"
	}
	switch r.Outcome {
	case apply.Committed:
		return fmt.Sprintf("generation %d is installed%s", r.Number, load)
	case apply.Accepted:
		return "it would be installed" + load
	}
	if load != "" {
		return fmt.Sprintf("generation %d is what the cluster file says%s", r.Number, load)
	}
	return fmt.Sprintf("nothing to do: generation %d is what the cluster file says", r.Number)
}
