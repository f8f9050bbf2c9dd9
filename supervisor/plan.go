package supervisor

import (
	"context"
	"fmt"
	"os"

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
	p, err := compare(s, after, builds, stopped(ctx, n.runtime, runs)...)
	if s.Installed.Local == nil && len(p.Effects) > 0 {
		p.Effects = append(p.Effects, firstRestart(s, unmastered(ctx))...)
	}
	return p, err
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
