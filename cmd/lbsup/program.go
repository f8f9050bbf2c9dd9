package main

import (
	"context"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/lbsup/lbsup/render"
)

// program is one run of lbsup: its streams and the flags that every command takes.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environment    func(string) string // asked for the locale, the kind of terminal and the journal alone

	socket  string
	noColor bool
	help    bool
}

// global are the flags that every command takes, before or after its name.
func (p *program) global(f *pflag.FlagSet) {
	f.StringVar(&p.socket, "socket", render.ControlSocket, "the supervisor's control `socket`")
	f.BoolVar(&p.noColor, "no-color", false, "no colours, also on a terminal")
	f.BoolVarP(&p.help, "help", "h", false, "this help")
}

func (p *program) run(args []string) int {
	before := newFlags("lbsup")
	p.global(before)
	asked := before.Bool("version", false, "") // as people ask any program
	before.SetInterspersed(false)
	if err := before.Parse(args); err != nil {
		return p.wrongUse("", before, err)
	}
	args = before.Args()
	if *asked {
		return p.command(versionCommand(), nil)
	}
	if len(args) == 0 {
		if p.help {
			p.overview(p.stdout)
			return exitOK
		}
		p.overview(p.stderr)
		return exitUsage
	}
	c, ok := find(args[0])
	if !ok {
		return p.usage("", fmt.Sprintf("cannot find command %q", args[0]), didYouMean(args[0], names()))
	}
	return p.command(c, args[1:])
}

// command runs one command with the arguments behind its name.
func (p *program) command(c command, args []string) int {
	socket, noColor, help := p.socket, p.noColor, p.help
	f := newFlags(c.name)
	if c.flags != nil {
		f.AddFlagSet(c.flags)
	}
	p.global(f)
	p.socket, p.noColor, p.help = socket, noColor, help // what stood before the command's name holds
	if err := f.Parse(args); err != nil {
		return p.wrongUse(c.name, f, err)
	}
	if p.help {
		p.commandHelp(p.stdout, c)
		return exitOK
	}
	switch n := f.NArg(); {
	case n < c.minArgs:
		return p.usage(c.name, "cannot do without "+strings.TrimSpace(lastWord(c.args)), "")
	case n > c.maxArgs:
		return p.usage(c.name, fmt.Sprintf("cannot use argument %q: it is one too many", f.Arg(c.maxArgs)), "")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(ctx, stop)() // who asks twice does not wait for the first answer
	return c.run(ctx, p, f.Args())
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }
