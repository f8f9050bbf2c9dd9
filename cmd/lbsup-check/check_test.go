package main

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

func TestAsksTheRealServer(t *testing.T) {
	socket := supervised(t)
	for _, tc := range []struct {
		name, out string
		code      int
	}{
		{"", "healthy: turning\n", exitHealthy},
		{"supervisor", "healthy: turning\n", exitHealthy},
		{"api", "failed: HTTP 503\n", exitNot},
		{"nothing", "there is no check \"nothing\"\n", exitNot},
	} {
		t.Run("name "+tc.name, func(t *testing.T) {
			arguments := []string{"-s", socket}
			if tc.name != "" {
				arguments = append(arguments, tc.name)
			}
			code, out, errOut := check(t, arguments...)
			if code != tc.code || out != tc.out || errOut != "" {
				t.Errorf("got %d, %q, stderr %q; want %d, %q", code, out, errOut, tc.code, tc.out)
			}
		})
	}
}

func TestServersThatDoNotAnswer(t *testing.T) {
	const healthy = "HTTP/1.0 200 OK\r\n\r\nhealthy: ok\n"
	for _, tc := range []struct {
		name  string
		serve func(net.Conn)
		out   string
	}{
		{"hangs", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "cannot hear the answer: no answer within 800ms\n"},
		{"trickles", trickle, "cannot hear the answer: no answer within 800ms\n"},
		{"hangs up", func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }, "cannot hear the answer: it was cut short\n"},
		{"hangs up in the middle", answering(strings.TrimSuffix(healthy, "\n")), "cannot hear the answer: it was cut short\n"},
		{"a megabyte of reason", answering("HTTP/1.0 200 OK\r\n\r\n" + strings.Repeat("x", 1<<20)), "cannot hear the answer: it has no end\n"},
		{"a megabyte of header", answering("HTTP/1.0 200 OK\r\n" + strings.Repeat("X: y\r\n", 1<<18) + "\r\nok\n"), "cannot hear the answer: it has no end\n"},
		{"garbage", answering("\x00\x01\x02"), "the answer is not HTTP\n"},
		{"a megabyte of garbage", answering(strings.Repeat("\xff", 1<<20)), "the answer is not HTTP\n"},
		{"another page", answering("HTTP/1.1 404 Not Found\r\n\r\nno such page\nreally\n"), "no such page\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code, out, _ := check(t, "-s", listen(t, tc.serve))
			if code != exitNot || out != tc.out {
				t.Errorf("got %d, %q; want %d, %q", code, out, exitNot, tc.out)
			}
		})
	}
}

// answering reads the question and sends a text.
func answering(text string) func(net.Conn) {
	return func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		_, _ = io.WriteString(c, text)
	}
}

// trickle answers well, a byte at a time: none takes long, all of them ten seconds.
func trickle(c net.Conn) {
	pause := time.NewTicker(300 * time.Millisecond)
	defer pause.Stop()
	for _, b := range []byte("HTTP/1.0 200 OK\r\n\r\nhealthy: ok\n") {
		if _, err := c.Write([]byte{b}); err != nil {
			return
		}
		<-pause.C
	}
}

func TestSocketsThatDoNotConnect(t *testing.T) {
	dir := t.TempDir()
	refusing := filepath.Join(dir, "refusing")
	if listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: refusing, Net: "unix"}); err != nil {
		t.Fatal(err)
	} else {
		listener.SetUnlinkOnClose(false)
		_ = listener.Close()
	}
	long := "/" + strings.Repeat("x", 200)
	for _, tc := range []struct{ name, socket, out string }{
		{"absent", filepath.Join(dir, "absent"), "cannot connect to " + dir + "/absent: no such file or directory\n"},
		{"refusing", refusing, "cannot connect to " + refusing + ": connection refused\n"},
		{"a directory", dir, "cannot connect to " + dir + ": connection refused\n"},
		{"a path that is too long", long, "cannot connect to " + long + ": invalid argument\n"},
		{"nobody accepts", full(t), "cannot connect to %s: no answer within 800ms\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, _ := check(t, "-s", tc.socket)
			if want := strings.ReplaceAll(tc.out, "%s", tc.socket); code != exitNot || out != want {
				t.Errorf("got %d, %q; want %d, %q", code, out, exitNot, want)
			}
		})
	}
}

// full is a socket whose backlog has no room left.
func full(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "full")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrUnix{Name: path}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return path
}

func TestUsage(t *testing.T) {
	for _, tc := range []struct {
		name      string
		arguments []string
		code      int
		out       string
		errOut    string
	}{
		{"help", []string{"--help"}, exitHealthy, usage, ""},
		{"version", []string{"--version"}, exitHealthy, "lbsup-check 1.2.3\n", ""},
		{"an unknown option", []string{"--socket"}, exitUsage, "", "lbsup-check: error: unknown option --socket\n" + usage},
		{"too long a line", []string{strings.Repeat("x", 5000)}, exitNot, "error: cannot read the command line from /proc: it is empty or too long\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, out, errOut := check(t, tc.arguments...)
			if code != tc.code || out != tc.out || errOut != tc.errOut {
				t.Errorf("got %d, %q, stderr %q; want %d, %q, %q", code, out, errOut, tc.code, tc.out, tc.errOut)
			}
		})
	}
}

// TestNobodyReads closes the program's output: the exit code stands.
func TestNobodyReads(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = read.Close()
	command := exec.Command(program, "-s", supervised(t))
	command.Stdout = write
	if err := command.Run(); err != nil {
		t.Errorf("got %v, want exit 0", err)
	}
	_ = write.Close()
}

// TestSignalsOnTheWay has the runtime's own signal come while the program waits: it waits on.
func TestSignalsOnTheWay(t *testing.T) {
	socket := listen(t, func(c net.Conn) {
		_, _ = c.Read(make([]byte, 4096))
		raw, err := c.(*net.UnixConn).SyscallConn()
		if err != nil {
			t.Error(err)
			return
		}
		_ = raw.Control(func(fd uintptr) {
			asking, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
			for range 10 {
				err = errors.Join(err, syscall.Kill(int(asking.Pid), syscall.SIGURG))
				time.Sleep(10 * time.Millisecond) // for it to go back to waiting
			}
			if err != nil {
				t.Error(err)
			}
		})
		_, _ = io.WriteString(c, "HTTP/1.0 200 OK\r\n\r\nhealthy: ok\n")
	})
	if code, out, _ := check(t, "-s", socket); code != exitHealthy || out != "healthy: ok\n" {
		t.Errorf("got %d, %q", code, out)
	}
}

// A supervisor that is killed takes the questions with it that it had accepted; the next one answers.
func TestAsksAgainWhenTheAnswerIsLost(t *testing.T) {
	for _, row := range []struct {
		name   string
		losses int32
		code   int
	}{{"once", 1, exitHealthy}, {"twice", 2, exitHealthy}, {"for ever", 1000, exitNot}} {
		t.Run(row.name, func(t *testing.T) {
			var asked atomic.Int32
			socket := listen(t, func(c net.Conn) {
				if asked.Add(1) <= row.losses {
					return // the question stays unread: the kernel resets the connection
				}
				answering("HTTP/1.0 200 OK\r\n\r\nhealthy: ok\n")(c)
			})
			if code, out, _ := check(t, "-s", socket); code != row.code {
				t.Errorf("got %d, %q, want %d", code, out, row.code)
			}
			if n := asked.Load(); n > 1+tries { // quick asks once
				t.Errorf("it asked %d times, want at most %d", n, 1+tries)
			}
		})
	}
}
