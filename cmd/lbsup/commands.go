package main

import (
	"context"

	"github.com/spf13/pflag"
)

// command is one sub-command. Its texts are the source of --help and of the manual page alike.
type command struct {
	name     string
	args     string // as in a usage line: "[--check] FILE"
	summary  string // one line, without a final stop
	about    string // what it does, in whole sentences
	outcomes []outcome
	example  string
	flags    *pflag.FlagSet // of its own; nil: none
	maxArgs  int
	minArgs  int
	run      func(ctx context.Context, p *program, args []string) int
}

// group is what stands together when all commands are listed.
type group struct {
	title    string
	commands []command
}

// groups lists all commands in the order in which help shows them: what a person meets first comes first.
func groups() []group {
	return []group{
		{"look", []command{statusCommand(), checkCommand(), doctorCommand(), whyCommand(), eventsCommand()}},
		{"change", []command{
			planCommand(), reloadCommand(), confirmCommand(), historyCommand(), diffCommand(), rollbackCommand(),
		}},
		{"prepare, where lbsup need not run", []command{validateCommand(), renderCommand(), schemaCommand(), hostCommand()}},
		{"started by systemd", []command{runCommand(), applyCommand(), wireCommand(), orphansCommand()}},
		{"about lbsup", []command{versionCommand(), helpCommand()}},
	}
}

func commands() (all []command) {
	for _, g := range groups() {
		all = append(all, g.commands...)
	}
	return all
}

func find(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func names() []string {
	var out []string
	for _, c := range commands() {
		out = append(out, c.name)
	}
	return out
}

// newFlags makes the set of a command's own flags.
func newFlags(name string) *pflag.FlagSet {
	f := pflag.NewFlagSet(name, pflag.ContinueOnError)
	f.SortFlags = false
	return f
}
