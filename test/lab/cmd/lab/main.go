package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

const usage = `usage: lab COMMAND
  demo [-repository DIR] [-build DIR]         boot a pair, break it in every way, watch it heal, clean up
  up [-bare] [-repository DIR] [-build DIR]   boot a pair, start lbsup on it and leave it running
  shell [NODE]                                a root shell on a node; without a name, on the first
  down                                        take down what runs, and what dead labs left behind
`

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	commands := map[string]func([]string) error{"demo": tell, "up": up, "serve": serve, "shell": shell, "down": down}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(os.Stderr, usage)
		return exitUsage
	}
	switch err := commands[args[0]](args[1:]); {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		return exitUsage
	default:
		fmt.Fprintf(os.Stderr, "lab: error: %v\n", err)
		return exitFailed
	}
}
