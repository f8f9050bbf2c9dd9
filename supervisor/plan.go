package supervisor

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/apply"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// plan tells what a reload would do. It renders what is installed and what the cluster file says now, with the same
// programs and the same stand-ins for passwords, which the supervisor may not read, and compares the two.
func (n *node) plan(ctx context.Context, s state.State) (status.Plan, error) {
	data, err := os.ReadFile(render.ClusterFile)
	if err != nil {
		return status.Plan{}, fmt.Errorf("cannot read the cluster file: %w", err)
	}
	c, problems := cluster.Parse(render.ClusterFile, data)
	if len(problems) > 0 {
		return status.Plan{Problems: planProblems(problems)}, nil
	}
	after, err := view(c, s.Installed.Local)
	if err != nil {
		return status.Plan{Problems: []status.Problem{{File: render.ClusterFile, Message: err.Error()}}}, nil
	}
	builds, err := readBuilds(ctx)
	if err != nil {
		return status.Plan{}, err
	}
	runs, _ := s.Runs()
	return compare(s, after, builds, stopped(ctx, n.runtime, runs)...)
}

// view is that of the node which this host was when lbsup apply last looked, or else of the one that it is by its name.
func view(c *cluster.Cluster, installed *cluster.Local) (*cluster.Local, error) {
	if installed != nil {
		return c.Local(installed.Node.Name)
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	name, err := c.NodeFor(host)
	if err != nil {
		return nil, err
	}
	return c.Local(name)
}

func planProblems(ps cluster.Problems) []status.Problem {
	var out []status.Problem
	for _, p := range ps {
		out = append(out, status.Problem(p))
	}
	return out
}

// builds are the two installed programs.
type builds struct {
	haproxy    haproxy.Build
	keepalived keepalived.Build
}

func readBuilds(ctx context.Context) (builds, error) {
	var b builds
	text, err := apply.Run(ctx, "/usr/sbin/haproxy", "-vv")
	if err != nil {
		return b, err
	}
	if b.haproxy, err = haproxy.ParseBuild(text.Output); err != nil {
		return b, err
	}
	if text, err = apply.Run(ctx, "/usr/sbin/keepalived", "-v"); err != nil {
		return b, err
	}
	b.keepalived, err = keepalived.ParseBuild(text.Output)
	b.keepalived.Contained = apply.Contained()
	return b, err
}

// rendered are the two files of one node, passwords replaced.
type rendered struct {
	haproxy, keepalived []byte
	notes               []render.Note
}

func (b builds) render(l *cluster.Local) (rendered, error) {
	secrets := cluster.Secrets{}
	for _, path := range l.SecretFiles() {
		secrets[path] = "********"
	}
	h, err := haproxy.Render(l, secrets, b.haproxy)
	if err != nil {
		return rendered{}, err
	}
	k, err := keepalived.Render(l, secrets, b.keepalived)
	if err != nil {
		return rendered{}, err
	}
	return rendered{haproxy: h.Text, keepalived: k.Text, notes: append(h.Notes, k.Notes...)}, nil
}

func compare(s state.State, after *cluster.Local, b builds, stopped ...string) (status.Plan, error) {
	before := s.Installed.Local
	now, err := b.render(after)
	if err != nil {
		return status.Plan{Problems: []status.Problem{{Message: err.Error()}}}, nil
	}
	plan := status.Plan{VIPs: vipEffects(before, after)}
	for _, note := range now.notes {
		plan.Notes = append(plan.Notes, note.String())
	}
	if before == nil {
		reason := "nothing was installed yet"
		plan.Effects = []status.Effect{{What: "install and activate haproxy.cfg", Reason: reason}, {What: "install and activate keepalived.conf", Reason: reason}}
		return plan, nil
	}
	was, err := b.render(before)
	if err != nil {
		return status.Plan{}, err
	}
	why := strings.Join(differences(before.Cluster, after.Cluster), "; ")
	plan.Effects, err = b.haproxyEffects(s, after, was, now, stopped)
	if err != nil {
		return status.Plan{}, err
	}
	if !bytes.Equal(was.keepalived, now.keepalived) {
		plan.Effects = append(plan.Effects, status.Effect{What: "reload keepalived", Reason: why})
	} else if s.KeepalivedIsBehind() {
		plan.Effects = append(plan.Effects, status.Effect{What: "reload keepalived", Reason: "it runs another configuration than is installed"})
	}
	if len(plan.Effects) == 0 && why != "" {
		plan.Effects = append(plan.Effects, status.Effect{What: "supervise by the new file, no reload", Reason: why})
	}
	plan.Problems = refusals(s, after, !bytes.Equal(was.haproxy, now.haproxy), !bytes.Equal(was.keepalived, now.keepalived))
	return plan, nil
}

// refusals are the reasons for which lbsup apply would refuse a change that its check accepts.
func refusals(s state.State, after *cluster.Local, haproxyChanges, keepalivedChanges bool) []status.Problem {
	var out []status.Problem
	for _, path := range s.Drift {
		if path == render.HAProxyConfig && haproxyChanges || path == render.KeepalivedConfig && keepalivedChanges {
			out = append(out, status.Problem{File: path, Message: "it was edited by hand since it was installed", Hint: "move the edit into the cluster file, or `lbsup reload --overwrite`"})
		}
	}
	was := *s.Installed.Local.Cluster
	if len(after.HAProxy.Files) > 0 {
		was.Services = nil // handed over is not lost
	}
	for _, loss := range cluster.Losses(&was, after.Cluster) {
		out = append(out, status.Problem{File: render.ClusterFile, Message: "cannot take away so much at once: " + loss, Hint: "if that is meant: `lbsup reload --force`"})
	}
	return out
}

// haproxyEffects are the changes that are made at run time, or one reload with all its reasons. HAProxy may run something else
// than what is installed: what it runs counts.
func (b builds) haproxyEffects(s state.State, after *cluster.Local, was, now rendered, stopped []string) ([]status.Effect, error) {
	runs, known := s.Runs()
	if !known {
		return []status.Effect{{What: "reload HAProxy", Reason: "it runs another configuration than is installed"}}, nil
	}
	if runs != s.Installed.Local {
		var err error
		if was, err = b.render(runs); err != nil {
			return nil, err
		}
	}
	if bytes.Equal(was.haproxy, now.haproxy) {
		return nil, nil
	}
	if v := s.Worker.Version; v != "" && v != b.haproxy.Version {
		return []status.Effect{{What: "reload HAProxy", Reason: "the installed HAProxy is " + b.haproxy.Version + ", the running one " + v}}, nil
	}
	return effects(haproxy.Difference(runs, after, b.haproxy, stopped...)), nil
}

func effects(p haproxy.Plan) []status.Effect {
	var out []status.Effect
	for _, r := range p.Reload {
		out = append(out, status.Effect{What: "reload HAProxy", Reason: r.String()})
	}
	if len(out) > 0 {
		return out
	}
	for _, c := range p.Changes {
		out = append(out, status.Effect{What: "change HAProxy at run time", Reason: c.String()})
	}
	return out
}
