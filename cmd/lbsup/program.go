package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/control"
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
	return c.run(ctx, p, f.Args())
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }

// wrongUse explains what pflag did not like.
func (p *program) wrongUse(name string, f *pflag.FlagSet, err error) int {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		got := unknown.GetSpecifiedName()
		short := unknown.GetSpecifiedShortnames()
		if short != "" && strings.Trim(short, "0123456789") == "" {
			return p.usage(name, fmt.Sprintf("cannot use number -%s: want one without a sign", short), "")
		}
		if short != "" {
			return p.usage(name, fmt.Sprintf("cannot use flag -%s: there is none", got), "")
		}
		if owner := ownerOf(got); name == "" && owner != "" {
			return p.usage(name, fmt.Sprintf("cannot use flag --%s here: it is not one of every command", got), "write it behind the command: lbsup "+owner+" --"+got)
		}
		var known []string
		f.VisitAll(func(one *pflag.Flag) { known = append(known, "--"+one.Name) })
		return p.usage(name, fmt.Sprintf("cannot use flag --%s: there is none", got), didYouMean("--"+got, known))
	}
	var bare *pflag.ValueRequiredError
	if errors.As(err, &bare) {
		return p.usage(name, fmt.Sprintf("cannot use flag --%s without a value", bare.GetSpecifiedName()), "")
	}
	var value *pflag.InvalidValueError
	if errors.As(err, &value) {
		return p.usage(name, fmt.Sprintf("cannot use %q for --%s: want %s", value.GetValue(), value.GetFlag().Name, wanted(value.GetFlag())), "")
	}
	return p.usage(name, "cannot read the command line: "+err.Error(), "")
}

// ownerOf names the first command that has a flag of its own of this name.
func ownerOf(flag string) string {
	for _, c := range commands() {
		if c.flags != nil && c.flags.Lookup(flag) != nil {
			return c.name
		}
	}
	return ""
}

// wanted says what a flag takes.
func wanted(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "duration":
		return "a time with its unit, such as 60s or 5m"
	case "int":
		return "a number"
	default:
		return "another value"
	}
}

// usage says that the command line is wrong. Without a better hint it points to the help.
func (p *program) usage(name, message, hint string) int {
	if hint == "" {
		hint = strings.TrimSpace("see lbsup "+name) + " --help"
	}
	p.fail(&control.Error{Message: message, Hint: hint})
	return exitUsage
}
