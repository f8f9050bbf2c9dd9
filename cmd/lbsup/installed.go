package main

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/apply"
)

// installed is what this machine has of the two daemons.
type installed struct {
	haproxy, keepalived           string // the programs; empty where one is not installed
	haproxyBuild                  haproxy.Build
	keepalivedBuild               keepalived.Build
	haproxyProblem, keepalivedBad string // why one that is installed cannot be used
}

// Where a daemon is not installed, its configuration is rendered for the oldest version that EL9 has: a newer one
// takes it too.
var (
	oldestHAProxy    = haproxy.Build{Version: "2.4.22", Major: 2, Minor: 4, TLS: true}
	oldestKeepalived = keepalived.Build{Version: "2.2.8", Major: 2, Minor: 2, Patch: 8, Auth: true}
)

// look finds the daemons and asks for their versions.
func look(ctx context.Context, find func(string) string) installed {
	in := installed{
		haproxy: find("haproxy"), keepalived: find("keepalived"),
		haproxyBuild: oldestHAProxy, keepalivedBuild: oldestKeepalived,
	}
	if in.haproxy != "" {
		build, err := haproxy.ParseBuild(versionOf(ctx, in.haproxy, "-vv"))
		if err != nil {
			in.haproxy, in.haproxyProblem = "", err.Error()
		} else {
			in.haproxyBuild = build
		}
	}
	if in.keepalived != "" {
		build, err := keepalived.ParseBuild(versionOf(ctx, in.keepalived, "-v"))
		if err != nil {
			in.keepalived, in.keepalivedBad = "", err.Error()
		} else {
			in.keepalivedBuild = build
			in.keepalivedBuild.Contained = apply.Contained()
		}
	}
	return in
}

func versionOf(ctx context.Context, program, option string) string {
	ctx, cancel := context.WithTimeout(ctx, patientWithDaemons)
	defer cancel()
	exit, err := apply.Run(ctx, program, option)
	if err != nil {
		return err.Error()
	}
	return exit.Output
}

// findDaemon returns the path of a daemon, or nothing. Users other than root often have no sbin in their PATH.
func findDaemon(name string) string {
	for _, candidate := range []string{name, "/usr/sbin/" + name, "/usr/local/sbin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path
		}
	}
	return ""
}

// missing says of which daemons nothing can be asked here.
func (in installed) missing() (out []string) {
	for _, d := range []struct{ program, problem, name, assumed string }{
		{in.haproxy, in.haproxyProblem, "HAProxy", in.haproxyBuild.Version},
		{in.keepalived, in.keepalivedBad, "keepalived", in.keepalivedBuild.Version},
	} {
		if d.program != "" {
			continue
		}
		why := "it is not installed here"
		if d.problem != "" {
			why = d.problem
		}
		out = append(out, fmt.Sprintf("%s was not asked: %s (rendered for %s)", d.name, why, d.assumed))
	}
	return out
}
