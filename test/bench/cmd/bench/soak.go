package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/bench/soak"
)

const soakResults = "soak.jsonl"

func soakCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	place := placeFlags(flags)
	duration := flags.Duration("for", 10*time.Minute, "how long")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setup, err := place.setup()
	if err != nil {
		return err
	}
	outcome, err := soak.Plan{Duration: *duration, Setup: setup, Progress: os.Stdout}.Run(ctx)
	if err != nil {
		return err
	}
	rows := outcome.Rows(time.Now().UTC().Truncate(time.Second))
	for _, row := range rows {
		err = errors.Join(err, result.Put(place.results(soakResults), row))
	}
	report.Plain(os.Stdout, rows)
	fmt.Printf("%d questions asked beside keepalived's own, %d requests of a client\n", outcome.Asked, outcome.Requests.Sent)
	if !outcome.Quiet() {
		return errors.Join(err, fmt.Errorf("the pair was not quiet: moves %v, failed checks %q", outcome.Moves, outcome.Reasons))
	}
	return err
}
