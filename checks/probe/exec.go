package probe

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/lbsup/lbsup/checks"
)

const (
	outputLimit = 4 << 10                // of what a program prints, only the first line is shown
	outputGrace = 100 * time.Millisecond // for the children of an ended program that hold its output open
)

func newExec(name string, argv []string) (Func, error) {
	if len(argv) == 0 || !filepath.IsAbs(argv[0]) {
		return nil, fmt.Errorf("cannot probe check %q: want a program by its full path, with its arguments", name)
	}
	return func(ctx context.Context) checks.Result {
		output := &head{limit: outputLimit}
		command := exec.CommandContext(ctx, argv[0], argv[1:]...)
		command.Stdout, command.Stderr = output, output
		command.Dir = "/"
		// Not the supervisor's environment: it holds NOTIFY_SOCKET and LISTEN_FDS, which are meant for no one else.
		command.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"}
		command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		command.Cancel = func() error { return killGroup(command) }
		command.WaitDelay = outputGrace
		err := command.Run()
		if command.Process != nil {
			_ = killGroup(command) // a check leaves nobody behind, however it ended
		}
		return outcome(ctx, err, output.line())
	}, nil
}

// killGroup ends the program with the children it started.
func killGroup(command *exec.Cmd) error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }

// outcome judges how a program ended. Only its own non-zero exit is a failure: a program that could not be started or was
// killed has said nothing about the thing it looks at, and must not put every node of a cluster in FAULT at once.
func outcome(ctx context.Context, err error, line string) checks.Result {
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case ctx.Err() != nil:
		return doubtful("no answer in time")
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // the latter: it ended well, a child of it had to be ended
		return healthy("%s", orElse(line, "exit status 0"))
	case exited && exit.Exited():
		return failed("%s", orElse(line, exit.Error()))
	case exited:
		return doubtful("the program was ended by a signal: %v", exit)
	default:
		return doubtful("cannot run the program: %v", err)
	}
}

func orElse(line, otherwise string) string {
	if line != "" {
		return line
	}
	return otherwise
}

// head keeps the beginning of what is written to it and lets the rest go by.
type head struct {
	kept  bytes.Buffer
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.kept.Write(p[:min(len(p), h.limit-h.kept.Len())])
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
