package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"syscall"
	"time"
)

// Exit is how a run of a daemon ended.
type Exit struct {
	Code   int
	Signal syscall.Signal // 0 unless a signal ended it
	Output string         // both outputs together, bounded
}

func (e Exit) String() string {
	if e.Signal != 0 {
		return fmt.Sprintf("signal %d (%s)", int(e.Signal), e.Signal)
	}
	return fmt.Sprintf("exit code %d", e.Code)
}

// maxOutput bounds what is kept of a daemon's output.
const maxOutput = 64 << 10

// errDeadline is a daemon that did not end in time.
var errDeadline = errors.New("it did not end in time")

// Run runs a program to its end, or to the end of ctx: then the whole process group is killed, because keepalived
// forks and a child that holds the output open would keep the caller waiting.
func Run(ctx context.Context, argv ...string) (Exit, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	// As in HAProxy's own environment: a name server that says nothing must not use up the deadline of a check (resolv.conf(5)).
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "RES_OPTIONS=timeout:1 attempts:1"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var out bounded
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if ctx.Err() != nil {
		return Exit{Output: string(out)}, errDeadline
	}
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return Exit{}, err
	}
	exit := Exit{Code: cmd.ProcessState.ExitCode(), Output: string(out)}
	if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		exit.Code, exit.Signal = 0, status.Signal()
	}
	return exit, nil
}

// bounded is a writer that keeps the beginning: the first error of a daemon is the one that matters.
type bounded []byte

func (b *bounded) Write(p []byte) (int, error) {
	if room := maxOutput - len(*b); room > 0 {
		*b = append(*b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// run runs a daemon with the engine's deadline.
func (a *attempt) run(ctx context.Context, argv ...string) (Exit, error) {
	limited, cancel := context.WithTimeout(ctx, a.Deadline)
	defer cancel()
	exit, err := a.Engine.Run(limited, argv...)
	switch {
	case err == nil:
		return exit, nil
	case ctx.Err() != nil:
		return exit, fmt.Errorf("cannot go on: %w", context.Cause(ctx))
	case errors.Is(err, errDeadline):
		a.report.Words = a.mask.words(exit.Output)
		return exit, hinted{fmt.Errorf("cannot wait for %q any longer: it hung for %s and was killed", argv[0], a.Deadline),
			"run it by hand with the same file: names that no DNS server answers for are the usual reason"}
	case errors.Is(err, fs.ErrNotExist):
		return exit, hinted{fmt.Errorf("cannot run %q: it is not installed", argv[0]), "install the package that brings it"}
	default:
		return exit, fmt.Errorf("cannot run %q: %w", argv[0], err)
	}
}
