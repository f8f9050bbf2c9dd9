package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/lbsup/lbsup/supervisor/control"
)

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
