package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, row := range []struct {
		name string
		args []string
		want int
	}{
		{"no command", nil, exitUsage},
		{"a command that does not exist", []string{"dance"}, exitUsage},
		{"a flag that does not exist", []string{"demo", "-loud"}, exitUsage},
		{"help of a command", []string{"demo", "-help"}, exitOK},
		{"what is left over", []string{"demo", "twice"}, exitUsage},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := run(row.args); got != row.want {
				t.Errorf("got %d, want %d", got, row.want)
			}
		})
	}
}

// Every command in the guide is one that the Makefile or a host has.
func TestGuide(t *testing.T) {
	text := guide("lbsup-lab-1-client", false)
	makefile, err := os.ReadFile(repository + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text) {
		if _, target, found := strings.Cut(line, "sudo make "); found {
			name := strings.Fields(target)[0]
			if !bytes.Contains(makefile, []byte("\n"+name+":")) {
				t.Errorf("the Makefile has no target %q", name)
			}
		}
		if command, found := strings.CutPrefix(line, "  sudo ip netns exec lbsup-lab-1-client "); found {
			if out, err := exec.Command("sh", "-n", "-c", command).CombinedOutput(); err != nil {
				t.Errorf("the shell cannot read %q: %s", command, out)
			}
		}
	}
	if !strings.Contains(guide("x", true), "bare") {
		t.Error("a bare lab is not called one")
	}
}
