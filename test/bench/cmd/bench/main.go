package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

const usage = `usage: bench COMMAND [FLAGS]
  failover   how long a client goes without an answer, lbsup and then its opponents, case by case (root)
  cost       what a check costs, and what the supervisor costs at rest (root)
  reload     what a change costs: lost requests, the time until it is live, planning it (root)
  soak       load, memory pressure, disk writes and reloads: nothing may move (root)
  table      print the results, draw the plot, bring the README up to date
  inside     what the others run inside the hosts
`

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	commands := map[string]func(context.Context, []string) error{
		"failover": failoverCommand, "cost": costCommand, "reload": reloadCommand, "soak": soakCommand, "table": tableCommand, "inside": insideCommand,
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(os.Stderr, usage)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := commands[args[0]](ctx, args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "bench: error: %v\n", err)
		return exitFailed
	}
	return exitOK
}
