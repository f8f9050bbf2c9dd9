package main

import (
	"context"
	"flag"
	"os"

	"github.com/lbsup/lbsup/test/bench/reload"
	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
)

const reloadResults = "reload.jsonl"

func reloadCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("reload", flag.ContinueOnError)
	place := placeFlags(flags)
	parts := flags.String("part", "", "measure only these, separated by commas")
	reloads := flags.Int("reloads", 200, "reloads under load, of each subject")
	edits := flags.Int("edits", 30, "edits of a small cluster file")
	added := flags.Int("added", 10, "servers added to each number of servers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setup, err := place.setup()
	if err != nil {
		return err
	}
	plan := reload.Plan{
		Parts: list(*parts), Reloads: *reloads, Edits: *edits, Added: *added,
		Servers: []int{1_000, 10_000}, Planned: []int{1_000, 10_000, 50_000}, Setup: setup, Progress: os.Stdout,
	}
	plan.Save = func(row result.Row) error { return result.Put(place.results(reloadResults), row) }
	runErr := plan.Run(ctx)
	rows, err := result.Read(place.results(reloadResults))
	if err == nil {
		report.Plain(os.Stdout, rows)
	}
	if runErr != nil {
		return runErr
	}
	return err
}
