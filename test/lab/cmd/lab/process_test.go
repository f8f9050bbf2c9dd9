package main

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// A process of the lab program whose output is read line by line.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	read  strings.Builder
}

func start(t *testing.T, program string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(program, args...)}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	p.cmd.Env = append(os.Environ(), "LC_ALL=C")
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM) // it cleans up after itself
		p.rest()
		t.Log(p.read.String())
	})
	return p
}

// until reads up to a line with the text.
func (p *process) until(t *testing.T, text string) {
	t.Helper()
	for p.lines.Scan() {
		p.read.WriteString(p.lines.Text() + "\n")
		if strings.Contains(p.lines.Text(), text) {
			return
		}
	}
	t.Fatalf("it ended without %q", text)
}

// rest reads to the end and returns the exit code.
func (p *process) rest() int {
	for p.lines.Scan() {
		p.read.WriteString(p.lines.Text() + "\n")
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

// Ctrl-C in the middle of the demo: it cleans up and says no.
func TestDemoInterrupted(t *testing.T) {
	need.NoError(t, lab.Missing())
	dir := programs(t)
	p := start(t, filepath.Join(dir, "lab"), "demo", "-repository", repository, "-build", dir)
	p.until(t, "One file, one command")
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if code := p.rest(); code != exitFailed {
		t.Errorf("got exit code %d, want %d", code, exitFailed)
	}
	for _, want := range []string{"\nCleaned up: ", "\nlab: error: interrupted\n"} {
		if !strings.Contains(p.read.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// A demo that has nothing to install fails in its first act, says so, and cleans up.
func TestDemoFails(t *testing.T) {
	need.NoError(t, lab.Missing())
	dir := programs(t)
	p := start(t, filepath.Join(dir, "lab"), "demo", "-repository", repository, "-build", filepath.Join(dir, "nothing"))
	if code := p.rest(); code != exitFailed {
		t.Errorf("got exit code %d, want %d", code, exitFailed)
	}
	for _, want := range []string{"FAILED: this act failed\n", "nothing/lbsup", "\nCleaned up: ", "lab: error: act 1, \"Two bare hosts\", failed\n"} {
		if !strings.Contains(p.read.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
}

// What `make lab` leaves running is a pair that is well, with the commands to play with it, until it is told to end.
func TestServe(t *testing.T) {
	need.NoError(t, lab.Missing())
	dir := programs(t)
	p := start(t, filepath.Join(dir, "lab"), "serve", "-repository", repository, "-build", dir)
	p.until(t, readyLine)
	curl := regexp.MustCompile(`(?m)^  sudo (ip netns exec (\S+)-client curl -s \S+:6443/)$`).FindStringSubmatch(p.read.String())
	if curl == nil {
		t.Fatal("it does not say how to ask the VIP")
	}
	out, err := exec.Command("sh", "-c", curl[1]).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "control") {
		t.Errorf("%s: %v: %q", curl[1], err, out)
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.rest(); code != exitOK {
		t.Errorf("got exit code %d, want %d", code, exitOK)
	}
	for _, pattern := range []string{"/run/netns/" + curl[2] + "*", "/var/tmp/" + curl[2]} {
		if left, _ := filepath.Glob(pattern); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}
