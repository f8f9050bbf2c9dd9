package haproxy

import (
	"bufio"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// fake is a command socket that answers as a test wants: what other versions of HAProxy say, and what none should.
type fake struct {
	socket string
	mu     sync.Mutex
	asked  []string
}

// hangs is an answer that never comes.
const hangs = "\x00hangs"

// newFake answers each command with what answer returns for it. The number counts equal commands from 0.
func newFake(t *testing.T, answer func(command string, number int) string) *fake {
	t.Helper()
	dir, err := os.MkdirTemp("", "lbsup-f")
	if err != nil {
		t.Fatal(err)
	}
	f := &fake{socket: filepath.Join(dir, "sock")}
	listener, err := net.Listen("unix", f.socket)
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	var served sync.WaitGroup
	served.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			served.Go(func() { f.serve(conn, answer, over) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		close(over)
		served.Wait()
		os.RemoveAll(dir)
	})
	return f
}

func (f *fake) serve(conn net.Conn, answer func(string, int) string, over <-chan struct{}) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	if !lines.Scan() {
		return
	}
	text := answer(lines.Text(), f.note(lines.Text()))
	if text == hangs {
		<-over
		return
	}
	conn.Write([]byte(text))
}

func (f *fake) note(command string) (before int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, other := range f.asked {
		if other == command {
			before++
		}
	}
	f.asked = append(f.asked, command)
	return before
}

func (f *fake) commands() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.asked...)
}

// always answers every command alike.
func always(text string) func(string, int) string {
	return func(string, int) string { return text }
}
