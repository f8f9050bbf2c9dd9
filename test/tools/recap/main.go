// Recap runs `go test` as it is told to, shows all that it prints, and repeats at the very end, where it is seen, what failed and with which words. The exit
// code is that of go test.
//
//	recap go test ./...
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout)) }

func run(argv []string, out io.Writer) int {
	if len(argv) == 0 {
		fmt.Fprintln(out, "recap: error: usage: recap COMMAND [ARGUMENT…]")
		return 2
	}
	failures := &notes{}
	cmd := exec.Command(argv[0], argv[1:]...)
	// One writer for both keeps their order.
	both := io.MultiWriter(out, failures)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, both, both
	// A process that a test left behind may hold the pipe.
	cmd.WaitDelay = 5 * time.Second
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	err := cmd.Start()
	if err == nil {
		go pass(signals, cmd.Process)
		err = cmd.Wait()
	}
	signal.Stop(signals)
	close(signals)
	var exit *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return 0
	case !errors.As(err, &exit):
		fmt.Fprintln(out, "recap: error:", err)
		return 1
	}
	fmt.Fprint(out, failures.recap())
	if code := exit.ExitCode(); code > 0 {
		return code
	}
	return 1 // ended by a signal
}

// pass keeps the one from dying before the other: an interrupt that was typed reaches both, and being told to end is passed on.
func pass(signals <-chan os.Signal, other *os.Process) {
	for s := range signals {
		if s == syscall.SIGTERM {
			_ = other.Signal(s)
		}
	}
}
