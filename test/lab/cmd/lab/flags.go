package main

import (
	"errors"
	"flag"
	"fmt"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// errUsage is a command line that makes no sense. What is wrong with it has been said.
var errUsage = errors.New("cannot use these arguments")

// parse reads the arguments of a command that takes flags only.
func parse(flags *flag.FlagSet, args []string) error {
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case err != nil:
		return errUsage
	case flags.NArg() > 0:
		fmt.Fprintf(flags.Output(), "cannot use argument %q\n", flags.Arg(0))
		flags.Usage()
		return errUsage
	}
	return nil
}

func sourceFlags(flags *flag.FlagSet, source *pair.Source) {
	flags.StringVar(&source.Repository, "repository", ".", "the checkout to install lbsup from")
	flags.StringVar(&source.Build, "build", "", "where its programs are, if not where its Makefile puts them")
}

// service is what up and serve are asked for.
type service struct {
	source pair.Source
	bare   bool
}

func parseService(name string, args []string) (service, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	var s service
	sourceFlags(flags, &s.source)
	flags.BoolVar(&s.bare, "bare", false, "leave the hosts as they boot, without lbsup")
	return s, parse(flags, args)
}
