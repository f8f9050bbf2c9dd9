package health

import (
	"context"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/board"
)

// TestRestartsFailNobody has one server after the other serve copies of a socket that somebody else holds, as systemd does, while
// clients go on asking: each of them is answered.
func TestRestartsFailNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	held, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	var b board.Board
	b.Put([]checks.Verdict{{Check: "c", Health: checks.Healthy, Reason: "ok", At: noon, Interval: time.Second}})
	server := &Server{Board: &b, Now: func() time.Time { return noon }, Log: zerolog.Nop()}

	over := make(chan struct{})
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for asked := false; !asked || !closed(over); asked = true {
				if answer := question(t, path); !strings.HasPrefix(answer, "HTTP/1.0 200 OK\r\n") {
					t.Errorf("a client got %q", answer)
					return
				}
			}
		})
	}
	for range 20 {
		serveOnce(t, server, held, path)
	}
	close(over)
	serveOnce(t, server, held, path)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { clients.Wait(); cancel() }()
	if err := server.Serve(ctx, duplicate(t, held)); err != nil { // the last one stays until everybody has gone
		t.Error(err)
	}
}

// serveOnce is the life of one server: it ends after it has answered at least one question.
func serveOnce(t *testing.T, server *Server, held *net.UnixListener, path string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		question(t, path)
		cancel()
	}()
	if err := server.Serve(ctx, duplicate(t, held)); err != nil {
		t.Error(err)
	}
}

// duplicate is what a service gets from systemd: the same socket by another descriptor.
func duplicate(t *testing.T, held *net.UnixListener) net.Listener {
	t.Helper()
	file, err := held.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	listener, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

func question(t *testing.T, path string) string {
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	_, _ = io.WriteString(conn, "GET /check/c HTTP/1.0\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("after %q: %v", answer, err)
	}
	return string(answer)
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
