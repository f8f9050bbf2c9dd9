package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/report"
	"github.com/lbsup/lbsup/test/bench/result"
)

// tableCommand shows what the last benchmarks left, draws the plot, and rewrites the README's table.
func tableCommand(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("table", flag.ContinueOnError)
	place := placeFlags(flags)
	plot := flags.Bool("plot", false, "draw test/bench/failover.svg")
	readme := flags.Bool("readme", false, "rewrite the table in README.md")
	if err := flags.Parse(args); err != nil {
		return err
	}
	rows, err := result.Read(place.results(failoverResults))
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return errors.New("cannot show results: there are none: run `make bench-failover` first")
	}
	report.Table(os.Stdout, rows)
	if err := compare(ctx, place, rows); err != nil {
		fmt.Printf("\nnot compared with the plan: %v\n", err)
	}
	for _, name := range []string{costResults, reloadResults, soakResults} {
		if others, err := result.Read(place.results(name)); err == nil && len(others) > 0 {
			fmt.Println()
			report.Plain(os.Stdout, others)
		}
	}
	if *plot {
		err = os.WriteFile(filepath.Join(place.repository, "test/bench/failover.svg"), []byte(report.Plot(rows)), 0o644)
	}
	if *readme && err == nil {
		err = rewrite(filepath.Join(place.repository, "README.md"), "failover", report.Markdown(rows, runtime.NumCPU()))
	}
	if *readme && err == nil {
		err = rewriteChanges(place)
	}
	return err
}

func rewriteChanges(place *place) error {
	rows, err := result.Read(place.results(reloadResults))
	if err != nil || len(rows) == 0 {
		return err
	}
	return rewrite(filepath.Join(place.repository, "README.md"), "reload", report.Changes(rows))
}

// rewrite puts the table between its markers. A README that is not there is left to its author.
func rewrite(path, name, table string) error {
	page, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Printf("\n%s is not there; its table would be:\n\n%s", path, table)
		return nil
	}
	if err != nil {
		return err
	}
	text, err := report.Splice(string(page), name, table)
	if err != nil {
		return fmt.Errorf("cannot rewrite %q: %w", path, err)
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// compare asks the planner about the file that was measured, with the check that one case adds.
func compare(ctx context.Context, place *place, rows []result.Row) error {
	text, err := os.ReadFile(filepath.Join(place.repository, "test/clusters/ocp-ibm-z.yaml"))
	if err != nil {
		return err
	}
	programs := place.programs
	if programs == "" {
		programs = filepath.Join(place.repository, "bin")
	}
	program, err := filepath.Abs(filepath.Join(programs, "lbsup"))
	if err != nil {
		return err
	}
	plan := exec.CommandContext(ctx, program, "plan", "--failover", "--json", "-")
	plan.Stdin = strings.NewReader(string(text) + failover.TrackedAPI)
	plan.Stderr = os.Stderr
	out, err := plan.Output()
	if err != nil {
		return err
	}
	promises, err := report.Promises(out)
	if err != nil {
		return err
	}
	if wrong := report.Compare(os.Stdout, rows, promises); wrong > 0 {
		fmt.Printf("%d of the planner's worst cases do not fit\n", wrong)
	}
	return nil
}
