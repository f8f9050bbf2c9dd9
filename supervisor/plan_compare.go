package supervisor

import (
	"bytes"
	"strings"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// compare says what would become of a node in some state by the cluster file as it is now.
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
		plan.Effects = firstEffects(s)
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
	plan.Effects = append(plan.Effects, keepalivedEffects(s, was, now, why)...)
	if len(plan.Effects) == 0 && why != "" {
		plan.Effects = append(plan.Effects, status.Effect{What: "supervise by the new file, no reload", Reason: why})
	}
	plan.Problems = refusals(s, after, !bytes.Equal(was.haproxy, now.haproxy), !bytes.Equal(was.keepalived, now.keepalived))
	return plan, nil
}

func firstEffects(s state.State) []status.Effect {
	reason := "nothing was installed yet"
	out := []status.Effect{{What: "install and activate haproxy.cfg", Reason: reason}, {What: "install and activate keepalived.conf", Reason: reason}}
	if s.Units[state.KeepalivedUnit].Running() {
		out = append(out, status.Effect{What: "restart keepalived", Reason: state.OlderKeepalived})
	}
	return out
}

// firstRestart tells that a HAProxy from before lbsup has no master CLI through which it could be reloaded.
func firstRestart(s state.State, unreached error) []status.Effect {
	if unreached == nil || !s.Units[state.HAProxyUnit].Running() {
		return nil
	}
	return []status.Effect{{What: "restart HAProxy", Reason: "the running one has no master CLI for lbsup yet; once, its connections are cut"}}
}

func keepalivedEffects(s state.State, was, now rendered, why string) []status.Effect {
	behind := s.KeepalivedIsBehind()
	switch {
	case s.KeepalivedIsOlder() && (behind || !bytes.Equal(was.keepalived, now.keepalived)):
		return []status.Effect{{What: "restart keepalived", Reason: state.OlderKeepalived}}
	case !bytes.Equal(was.keepalived, now.keepalived):
		return []status.Effect{{What: "reload keepalived", Reason: why}}
	case behind:
		return []status.Effect{{What: "reload keepalived", Reason: "it runs another configuration than is installed"}}
	default:
		return nil
	}
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
