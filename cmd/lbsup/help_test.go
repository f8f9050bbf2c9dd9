package main

import (
	"bytes"
	"strings"
	"testing"
)

// Each command tells everything that a person needs in order to use it.
func TestHelp(t *testing.T) {
	for _, c := range commands() {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			p := &program{stdout: &out, stderr: &errs, environment: func(string) string { return "" }}
			if code := p.run([]string{c.name, "--help"}); code != exitOK || errs.Len() > 0 {
				t.Fatalf("exit code %d, standard error %q", code, errs.String())
			}
			text := out.String()
			for _, want := range []string{
				"lbsup " + c.name + ": " + c.summary + "\n", "\nusage: " + usageLine(c) + "\n", c.about, "\nexit codes:\n", "\nexample:\n  $ ",
				"--socket", "the command line is wrong",
			} {
				if !strings.Contains(text, want) {
					t.Errorf("does not say %q:\n%s", want, text)
				}
			}
			for _, flag := range flagLines(c.flags) {
				name, _, _ := strings.Cut(flag[0], " ")
				if !strings.Contains(c.args, name) {
					t.Errorf("the usage line does not name %s", name)
				}
			}
			if !strings.Contains(c.example, "lbsup") {
				t.Errorf("the example %q shows no lbsup", c.example)
			}
			if strings.HasSuffix(c.summary, ".") || !strings.HasSuffix(c.about, ".") && !strings.Contains(c.about, "$schema") {
				t.Errorf("a summary has no final stop, a description has one")
			}
			for l := range strings.Lines(text) {
				if len(l) > 101 {
					t.Errorf("a line of %d columns: %q", len(l), l)
				}
			}
		})
	}
}

func TestOutcomesAreOfOneKind(t *testing.T) {
	for _, c := range commands() {
		last := -1
		for _, o := range c.outcomes {
			if o.code <= last {
				t.Errorf("%s: exit codes are not in order", c.name)
			}
			last = o.code
		}
	}
}
