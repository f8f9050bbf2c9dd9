package main

import (
	"context"
	"flag"
	"os"
	"time"

	"github.com/lbsup/lbsup/test/bench/cost"
	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
)

const costResults = "cost.jsonl"

func costCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("cost", flag.ContinueOnError)
	place := placeFlags(flags)
	runs := flags.Int("runs", 300, "runs of each command")
	rest := flags.Duration("rest", 30*time.Second, "how long the supervisor is watched at rest")
	quiet := flags.Duration("quiet", 10*time.Second, "how long a host is watched on which nobody asks")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setup, err := place.setup()
	if err != nil {
		return err
	}
	plan := cost.Plan{Runs: *runs, Rest: *rest, Quiet: *quiet, Setup: setup, Progress: os.Stdout}
	plan.Save = func(row result.Row) error { return result.Put(place.results(costResults), row) }
	if err := plan.Run(ctx); err != nil {
		return err
	}
	rows, err := result.Read(place.results(costResults))
	if err != nil {
		return err
	}
	report.Plain(os.Stdout, rows)
	return nil
}
