package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"regexp"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render"
)

// keepalivedTrial asks keepalived about every node: no two of them get the same text.
func (t *trial) keepalivedTrial(ctx context.Context, nodes []rendered) error {
	if t.keepalived == "" {
		return nil
	}
	daemon := "keepalived " + t.keepalivedBuild.Version
	me, err := user.Current()
	if err != nil {
		t.open(daemon + " was not asked: it wants to know the name of the user who runs scripts, and yours is not known")
		return nil
	}
	var absent, accepted []string
	for _, n := range nodes {
		text := anywhere(n.keepalived.Text, me.Username)
		absent = append(absent, absentLinks(n.keepalived.Text)...)
		ok, err := t.ask(ctx, daemon, n.node, text, "keepalived-"+n.node+".conf", t.keepalived, "-t", "-f")
		if err != nil {
			return err
		}
		if ok {
			accepted = append(accepted, n.node)
		}
	}
	t.accepts(daemon, accepted)
	slices.Sort(absent)
	if absent = slices.Compact(absent); len(absent) > 0 {
		t.open("not checked: interface " + listed(absent) + ": not on this machine")
	}
	if _, err := os.Stat(render.CheckClient); errors.Is(err, os.ErrNotExist) {
		t.open("not checked: script " + render.CheckClient + ": not on this machine")
	}
	return nil
}

var (
	scriptLine   = regexp.MustCompile(`(?m)^(\s*script) ` + regexp.QuoteMeta(render.CheckClient) + `$`)
	userLine     = regexp.MustCompile(`(?m)^(\s*(?:script_user|user)) ` + regexp.QuoteMeta(render.ScriptUser) + `$`)
	globalLine   = regexp.MustCompile(`(?m)^global_defs \{$`)
	linkInConfig = regexp.MustCompile(`(?m)^\s*interface (\S+)$|\bdev (\S+)`)
)

// anywhere returns the copy of a configuration that "keepalived -t" can judge on any machine, for any user. It would
// give up at the first interface that the machine does not have, and refuse scripts that are not there or belong
// to others than who runs it.
func anywhere(text []byte, user string) []byte {
	text = globalLine.ReplaceAll(text, []byte("global_defs {\n    dynamic_interfaces allow_if_changes"))
	text = scriptLine.ReplaceAll(text, []byte("$1 /bin/true"))
	return userLine.ReplaceAll(text, []byte("$1 "+strings.ReplaceAll(user, "$", "$$")))
}

// absentLinks are the interfaces of a configuration that this machine does not have.
func absentLinks(text []byte) (out []string) {
	for _, found := range linkInConfig.FindAllSubmatch(text, -1) {
		name := fmt.Sprintf("%s%s", found[1], found[2])
		if _, err := net.InterfaceByName(name); err != nil {
			out = append(out, name)
		}
	}
	return out
}
