package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

const tagline = "lbsup turns one cluster file into a running, verified pair of load balancers."

func helpCommand() command {
	return command{
		name: "help", args: "[COMMAND]", summary: "what lbsup can do, or what one command does",
		about:    "Shows the list of commands, or the help of one command.",
		outcomes: []outcome{{exitOK, "shown"}, usageWrong},
		example:  "lbsup help reload",
		maxArgs:  1,
		run: func(_ context.Context, p *program, args []string) int {
			if len(args) == 0 {
				p.overview(p.stdout)
				return exitOK
			}
			c, ok := find(args[0])
			if !ok {
				return p.usage("", fmt.Sprintf("cannot find command %q", args[0]), didYouMean(args[0], names()))
			}
			p.commandHelp(p.stdout, c)
			return exitOK
		},
	}
}

// overview lists the commands.
func (p *program) overview(w io.Writer) {
	var b strings.Builder
	b.WriteString(tagline + "\n\nusage: lbsup COMMAND\n")
	for _, g := range groups() {
		fmt.Fprintf(&b, "\n%s:\n", g.title)
		for _, c := range g.commands {
			fmt.Fprintf(&b, "  %-9s %s\n", c.name, c.summary)
		}
	}
	b.WriteString("\nlbsup COMMAND --help tells more. The manual: man lbsup, man lbsup.yaml\n")
	_, _ = io.WriteString(w, b.String())
}

// commandHelp tells everything about one command.
func (p *program) commandHelp(w io.Writer, c command) {
	var b strings.Builder
	fmt.Fprintf(&b, "lbsup %s: %s\n\nusage: %s\n\n%s\n", c.name, c.summary, usageLine(c), c.about)
	if c.flags != nil {
		fmt.Fprintf(&b, "\nflags:\n%s", c.flags.FlagUsages())
	}
	global := newFlags("global")
	(&program{}).global(global)
	fmt.Fprintf(&b, "\nflags of every command:\n%s", global.FlagUsages())
	b.WriteString("\nexit codes:\n")
	for _, o := range c.outcomes {
		fmt.Fprintf(&b, "  %2d  %s\n", o.code, o.meaning)
	}
	b.WriteString("\nexample:\n")
	for l := range strings.Lines(c.example) {
		b.WriteString("  $ " + l)
	}
	b.WriteString("\n")
	_, _ = io.WriteString(w, b.String())
}

func usageLine(c command) string { return strings.TrimSpace("lbsup " + c.name + " " + c.args) }

// flagLines are the flags of a set, each as in a usage line, with what it does.
func flagLines(f *pflag.FlagSet) (out [][2]string) {
	if f == nil {
		return nil
	}
	f.VisitAll(func(one *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(one)
		if value != "" && !slices.Contains([]string{"", "0s", "[]"}, one.DefValue) {
			usage += " (default " + one.DefValue + ")"
		}
		out = append(out, [2]string{strings.TrimSpace("--" + one.Name + " " + value), usage})
	})
	return out
}
