package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

func TestExit(t *testing.T) {
	dir := t.TempDir()
	for _, row := range []struct {
		name string
		args []string
		want int
	}{
		{"nothing", nil, exitUsage},
		{"an unknown command", []string{"fly"}, exitUsage},
		{"an unknown flag", []string{"table", "-fly"}, exitFailed},
		{"an unknown subject", []string{"failover", "-subject", "heartbeat"}, exitFailed},
		{"an unknown part", []string{"reload", "-part", "flood", "-results", dir}, exitFailed},
		{"an unknown case", []string{"failover", "-case", "flood"}, exitFailed},
		{"no results", []string{"table", "-results", dir}, exitFailed},
		{"nothing to run inside", []string{"inside"}, exitFailed},
		{"no number of runs", []string{"inside", "spawn", "x", "true"}, exitFailed},
		{"two commands, twice", []string{"inside", "spawn", "2", "true", "sh -c :"}, exitOK},
	} {
		if got := run(row.args); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, row := range []struct {
		args []string
		want string
	}{
		{nil, "test/bench/results/x.jsonl"},
		{[]string{"-repository", "/r"}, "/r/test/bench/results/x.jsonl"},
		{[]string{"-repository", "/r", "-results", "/o"}, "/o/x.jsonl"},
	} {
		flags := flag.NewFlagSet("x", flag.ContinueOnError)
		place := placeFlags(flags)
		if err := flags.Parse(row.args); err != nil {
			t.Fatal(err)
		}
		if got := place.results("x.jsonl"); got != row.want {
			t.Errorf("%q: got %q, want %q", row.args, got, row.want)
		}
	}
}

func TestList(t *testing.T) {
	for text, want := range map[string][]string{"": nil, "a": {"a"}, "a,b c": {"a", "b", "c"}, ", ": nil} {
		if got := list(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The plot and the table of the README come from the results; a README without markers is an error, one that is not there none.
func TestTableWritesPages(t *testing.T) {
	repository := t.TempDir()
	if err := os.MkdirAll(filepath.Join(repository, "test/bench"), 0o755); err != nil {
		t.Fatal(err)
	}
	place := &place{repository: repository}
	for i, subject := range []string{pair.Lbsup, pair.Documented} {
		row := result.Row{Bench: failover.Outage.Bench, Unit: failover.Outage.Unit, Subject: subject, Case: "kill-9-haproxy", At: time.Now()}
		if err := result.Put(place.results(failoverResults), result.Summary(row, []float64{float64(10 + 1000*i)})); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"-repository", repository, "-plot", "-readme"}
	if err := tableCommand(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	readme := filepath.Join(repository, "README.md")
	if _, err := os.Stat(readme); err == nil {
		t.Error("a README was made")
	}
	if err := os.WriteFile(readme, []byte("a\n<!-- bench:failover --><!-- /bench:failover -->\nb\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := tableCommand(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"README.md": "| HAProxy killed (-9, all processes) | **10 ms** |", "test/bench/failover.svg": "</svg>"} {
		text, err := os.ReadFile(filepath.Join(repository, file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s: %v: there is no %q in\n%s", file, err, want, text)
		}
	}
	if err := os.WriteFile(readme, []byte("no markers\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := tableCommand(t.Context(), args); err == nil || !strings.Contains(err.Error(), `cannot find "<!-- bench:failover -->"`) {
		t.Errorf("without markers: got %v", err)
	}
}
