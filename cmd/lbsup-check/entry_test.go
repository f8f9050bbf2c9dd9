package main

import (
	"debug/elf"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// entryFlag is what the Makefile tells the linker.
var entryFlag = map[bool]string{true: " -E lbsup_check_entry"}[slices.Contains([]string{"amd64", "arm64"}, runtime.GOARCH)]

// TestEntry builds the program with its symbols and looks where it starts.
func TestEntry(t *testing.T) {
	if entryFlag == "" {
		return
	}
	path := filepath.Join(t.TempDir(), "lbsup-check")
	if out, err := exec.Command("go", "build", "-ldflags="+entryFlag, "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Value == file.Entry && strings.HasPrefix(s.Name, "lbsup_check_entry") {
			return
		}
	}
	t.Errorf("the program starts at %#x, which is not lbsup_check_entry", file.Entry)
}

// TestQuickStepsBack has servers that quick does not wait for or does not understand: main asks anew, and that is the answer.
func TestQuickStepsBack(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\n\r\n"
	for _, row := range []struct {
		name  string
		serve func(net.Conn)
		out   string
	}{
		{"slow", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			time.Sleep(250 * time.Millisecond)
			_, _ = io.WriteString(c, answer+"late\n")
		}, "late\n"},
		{"in two pieces", func(c net.Conn) {
			_, _ = c.Read(make([]byte, 4096))
			_, _ = io.WriteString(c, answer)
			time.Sleep(20 * time.Millisecond)
			_, _ = io.WriteString(c, "pieces\n")
		}, "pieces\n"},
		{"a character for no terminal", answering(answer + "a\x1b[31m\n"), "a?[31m\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var asked atomic.Int32
			socket := listen(t, func(c net.Conn) { asked.Add(1); row.serve(c) })
			if code, out, _ := check(t, "-s", socket); code != exitHealthy || out != row.out {
				t.Errorf("got %d, %q, want %d, %q", code, out, exitHealthy, row.out)
			}
			if n := asked.Load(); n != 2 {
				t.Errorf("it asked %d times, want quick and main", n)
			}
		})
	}
}

// FuzzPlainAnswer: where quick understands an answer, it understands what main would.
func FuzzPlainAnswer(f *testing.F) {
	for _, seed := range []string{"HTTP/1.0 200 OK\r\n\r\nwell\n", "HTTP/1.1 503 No\r\nA: b\r\n\r\nill\nmore", "HTTP/1.0 2000\r\n\r\nx\n", "HTTP/1.0 200 OK\r\n\r\n", "HTTP"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		healthy, line, done := plainAnswer(answer)
		if !done {
			return
		}
		wantHealthy, reason, wantDone := parseAnswer(answer)
		if !wantDone || healthy != wantHealthy || string(line) != reason+"\n" {
			t.Errorf("%q: quick says %v, %q; main says %v, %q, %v", answer, healthy, line, wantHealthy, reason, wantDone)
		}
	})
}
