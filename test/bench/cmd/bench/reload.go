package main

import (
	"context"
	"flag"
	"os"

	"github.com/lbsup/lbsup/test/bench/reload"
	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
)

const (
	reloadResults     = "reload.jsonl"
	reloadSoakResults = "reload-soak.jsonl"
)

func reloadCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("reload", flag.ContinueOnError)
	place := placeFlags(flags)
	parts := flags.String("part", "", "measure only these, separated by commas")
	reloads := flags.Int("reloads", 200, "reloads under load, of each subject")
	requests := flags.Int("requests", 0, "requests under load, of each subject: the load goes on after the last reload until there were so many")
	edits := flags.Int("edits", 30, "edits of a small cluster file")
	added := flags.Int("added", 10, "servers added to each number of servers")
	alone := flags.Bool("alone", false, "measure lbsup only: a soak, whose results have a file of their own")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setup, err := place.setup()
	if err != nil {
		return err
	}
	plan := reload.Plan{
		Parts: list(*parts), Reloads: *reloads, Requests: *requests, Edits: *edits, Added: *added,
		Servers: []int{1_000, 10_000}, Planned: []int{1_000, 10_000, 50_000}, Alone: *alone, Setup: setup, Progress: os.Stdout,
	}
	file := place.results(reloadResults)
	if *alone {
		file = place.results(reloadSoakResults)
	}
	plan.Save = func(row result.Row) error { return result.Put(file, row) }
	runErr := plan.Run(ctx)
	rows, err := result.Read(file)
	if err == nil {
		report.Plain(os.Stdout, rows)
	}
	if runErr != nil {
		return runErr
	}
	return err
}
