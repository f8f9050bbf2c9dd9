package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
)

const failoverResults = "failover.jsonl"

func failoverCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("failover", flag.ContinueOnError)
	place := placeFlags(flags)
	subjects := flags.String("subject", "", "measure only these, separated by commas")
	cases := flags.String("case", "", "measure only these, separated by commas")
	runs := flags.Int("runs", 30, "runs of each case")
	labs := flags.Int("labs", 6, "at most so many pairs of one subject side by side: fewer on a machine that has other work")
	if err := flags.Parse(args); err != nil {
		return err
	}
	setup, err := place.setup()
	if err != nil {
		return err
	}
	plan := failover.Plan{Runs: *runs, Labs: max(1, *labs), Setup: setup, Progress: os.Stdout}
	plan.Save = func(row result.Row) error { return result.Put(place.results(failoverResults), row) }
	if plan.Subjects, err = pair.Choose(list(*subjects)); err != nil {
		return err
	}
	if plan.Cases, err = failover.ChooseCases(list(*cases)); err != nil {
		return err
	}
	runErr := plan.Run(ctx)
	rows, err := result.Read(place.results(failoverResults))
	if err == nil {
		report.Table(os.Stdout, rows)
	}
	if runErr != nil {
		return runErr
	}
	return err
}

// place says where everything is.
type place struct{ repository, programs, folder string }

func placeFlags(flags *flag.FlagSet) *place {
	p := &place{}
	flags.StringVar(&p.repository, "repository", ".", "the checkout")
	flags.StringVar(&p.programs, "programs", "", "the folder of lbsup and lbsup-check; bin of the checkout if empty")
	flags.StringVar(&p.folder, "results", "", "the folder of the results; test/bench/results of the checkout if empty")
	return p
}

func (p *place) setup() (pair.Setup, error) {
	self, err := os.Executable()
	return pair.Setup{Repository: p.repository, Programs: p.programs, Bench: self, Log: os.Stderr}, err
}

func (p *place) results(name string) string {
	if p.folder != "" {
		return filepath.Join(p.folder, name)
	}
	return filepath.Join(p.repository, "test/bench/results", name)
}

func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
