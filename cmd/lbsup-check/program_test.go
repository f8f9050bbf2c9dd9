package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/board"
	"github.com/lbsup/lbsup/checks/health"
)

// program is lbsup-check, built once as a package would build it.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "lbsup-check")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "lbsup-check")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w -X main.version=1.2.3"+entryFlag, "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		panic(string(out))
	}
	m.Run()
	_ = os.RemoveAll(dir)
}

// check runs the program, without any environment, and returns its exit code and what it printed.
func check(t testing.TB, arguments ...string) (code int, out, errOut string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = []string{}
	var stdout, stderr strings.Builder
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.Exited()) {
		t.Fatalf("lbsup-check %q: %v", arguments, err)
	}
	return command.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// listen makes a socket that f serves.
func listen(t testing.TB, f func(net.Conn)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				f(conn)
			}()
		}
	}()
	return path
}

// supervised is the real health socket.
func supervised(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	var b board.Board
	b.Put([]checks.Verdict{
		{Check: checks.Supervisor, Health: checks.Healthy, Reason: "turning", At: now, Interval: time.Second},
		{Check: "api", Health: checks.Failed, Reason: "HTTP 503", At: now, Interval: time.Second},
	})
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		server := &health.Server{Board: &b, Now: func() time.Time { return now }, Log: zerolog.Nop()}
		served <- server.Serve(ctx, listener)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return path
}
