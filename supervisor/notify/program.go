package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"

	"github.com/lbsup/lbsup/checks"
)

const (
	outputLimit = 4 << 10                // of what a program prints, only the first line is told
	outputGrace = 100 * time.Millisecond // for the children of an ended program that hold its output open
)

// program is an argument list. No shell reads it: what happened is in the environment and cannot become a command.
type program []string

// try runs the program once. It may have done half of its work when it fails, so it is not run again.
func (p program) try(ctx context.Context, n News) error {
	output := &head{}
	command := exec.CommandContext(ctx, p[0], p[1:]...)
	command.Stdout, command.Stderr = output, output
	command.Dir = "/"
	// Not the supervisor's environment: it holds NOTIFY_SOCKET and LISTEN_FDS, which are meant for no one else.
	command.Env = append([]string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}, n.environment()...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return killGroup(command) }
	command.WaitDelay = outputGrace
	err := command.Run()
	if command.Process != nil {
		_ = killGroup(command) // its deadline is that of its children
	}
	if err == nil || errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	if _, ran := errors.AsType[*exec.ExitError](err); !ran {
		return final{fmt.Errorf("cannot run it: %s", checks.Line(err.Error()))}
	}
	text := err.Error()
	if said := output.line(); said != "" {
		text += ": " + said
	}
	return final{errors.New(text)}
}

func killGroup(command *exec.Cmd) error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }

// head keeps the beginning of what is written to it and lets the rest go by.
type head struct{ kept bytes.Buffer }

func (h *head) Write(p []byte) (int, error) {
	h.kept.Write(p[:min(len(p), outputLimit-h.kept.Len())])
	return len(p), nil
}

// line is the first line that is not empty.
func (h *head) line() string {
	for raw := range bytes.Lines(h.kept.Bytes()) {
		if line := checks.Line(string(raw)); line != "" {
			return line
		}
	}
	return ""
}
