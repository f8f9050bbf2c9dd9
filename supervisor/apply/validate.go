package apply

import (
	"context"
	"fmt"
	"strings"
	"syscall"

	"github.com/lbsup/lbsup/render/keepalived"
)

// validateHAProxy has HAProxy itself check what it would load.
func (a *attempt) validateHAProxy(ctx context.Context) error {
	t := a.targets[0]
	if !a.report.HAProxy || t.intent == remove {
		return nil
	}
	argv, path := []string{a.HAProxy, "-c"}, t.path
	if t.intent == leave {
		path = strings.Join(a.local.HAProxy.Files, ", ")
		for _, name := range a.local.HAProxy.Files {
			argv = append(argv, "-f", name)
		}
	} else {
		argv = append(argv, "-f", t.now())
	}
	for _, name := range a.beside {
		argv = append(argv, "-f", name)
	}
	exit, err := a.run(ctx, argv...)
	exit.Output = strings.ReplaceAll(exit.Output, t.staged(), t.path)
	return a.judge("HAProxy", path, exit, err, map[int]string{
		1: "it found errors",
		2: "nothing in it listens", // -c exits 2 for a configuration without a listener
	})
}

// validateKeepalived has keepalived check its configuration. What is judged is a copy in which the scripts run as
// root: with another script user, keepalived 2.2.7 drops its rights in the middle of -t and dies of its own SIGTERM.
func (a *attempt) validateKeepalived(ctx context.Context) error {
	t := a.targets[1]
	if !a.report.Keepalived || t.intent == remove {
		return nil
	}
	if err := a.replace(t.trial(), keepalived.ForTest(t.text), 0o600); err != nil {
		return fmt.Errorf("cannot stage %q: %w", t.path, err)
	}
	exit, err := a.run(ctx, a.Keepalived, "-t", "-f", t.trial())
	exit.Output = strings.ReplaceAll(exit.Output, t.trial(), t.path)
	return a.judge("keepalived", t.path, exit, err, map[int]string{
		1: "it could not run",
		3: "its configuration is not usable",
		4: "it found fatal errors",
		5: "it found errors",
		6: "it finds a script insecure",
	})
}

// now is where the text of a target is before the commit.
func (t *target) now() string {
	if t.changes() {
		return t.staged()
	}
	return t.path
}

// judge turns the end of a daemon's check into an error, and its warnings into notes.
func (a *attempt) judge(daemon, path string, exit Exit, err error, meanings map[int]string) error {
	if err != nil {
		return err
	}
	if exit.Code == 0 && exit.Signal == 0 {
		a.noteWarnings(daemon, exit.Output)
		return nil
	}
	a.report.Words = a.mask.words(exit.Output)
	meaning, known := meanings[exit.Code]
	if exit.Signal != 0 {
		meaning, known = "it crashed on it", true
		if exit.Signal == syscall.SIGTERM {
			meaning = "something ended its check"
		}
	}
	if !known {
		meaning = "for a reason it does not name"
	}
	return Problem{File: path, Message: fmt.Sprintf("%s refuses %q: %s (%s)", daemon, path, meaning, exit),
		Hint: "what was installed before is still there; see the daemon's own words"}.refusal()
}

func (p Problem) refusal() error { return problems{p} }

const maxWarnings = 5

func (a *attempt) noteWarnings(daemon, output string) {
	count := 0
	for line := range strings.Lines(output) {
		if !strings.Contains(line, "WARNING") {
			continue
		}
		if count++; count > maxWarnings {
			a.note(daemon + " has more warnings")
			return
		}
		a.note(daemon + " warns: " + a.mask.words(line))
	}
}
