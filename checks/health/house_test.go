package health

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/board"
)

var noon = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// house is a running health socket with a few checks on its board.
type house struct {
	path string
	stop func() error // tells the server to end and returns what it returned

	mu    sync.Mutex
	asked []Question
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{path: filepath.Join(t.TempDir(), "h.sock")}
	listener, err := net.Listen("unix", h.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(h.path, 0o666); err != nil {
		t.Fatal(err)
	}
	var b board.Board
	b.Put([]checks.Verdict{
		{Check: "haproxy", Health: checks.Healthy, Reason: "answered in 1ms", Since: noon, At: noon, Interval: time.Second},
		{Check: "api", Health: checks.Failed, Reason: "HTTP 503", Since: noon, At: noon, Interval: time.Second},
		{Check: "slow", Health: checks.Doubtful, Reason: "no answer\nin time", Since: noon, At: noon, Interval: time.Second},
		{Check: "old", Health: checks.Healthy, Reason: "ok", Since: noon, At: noon.Add(-time.Minute), Interval: time.Second},
		checks.NewTracker(checks.Definition{Name: "never"}).Verdict(),
	})
	server := &Server{Board: &b, Now: func() time.Time { return noon }, Log: zerolog.Nop(), Asked: h.note}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, listener) }()
	h.stop = sync.OnceValue(func() error {
		cancel()
		return <-served
	})
	t.Cleanup(func() {
		if err := h.stop(); err != nil {
			t.Errorf("Serve: got %v after its context ended", err)
		}
	})
	return h
}

func (h *house) note(q Question) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, q)
}

// dial connects; the test's own patience is far above the server's.
func (h *house) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := net.Dial("unix", h.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	return conn
}

// say sends a text and returns everything that comes back before the connection ends.
func (h *house) say(t *testing.T, text string) string {
	t.Helper()
	conn := h.dial(t)
	_, _ = io.WriteString(conn, text) // the server may hang up on the way
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// ask asks properly, as lbsup-check does, and returns the status and the body.
func (h *house) ask(t *testing.T, method, path string) (int, string) {
	t.Helper()
	answer := h.say(t, method+" "+path+" HTTP/1.0\r\nUser-Agent: lbsup-check\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s %s: %v in %q", method, path, err, answer)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// mustAnswer fails the test unless the server answers an honest client.
func (h *house) mustAnswer(t *testing.T) {
	t.Helper()
	if status, body := h.ask(t, "GET", "/check/haproxy"); status != 200 || body != "healthy: answered in 1ms\n" {
		t.Errorf("an honest client got %d %q", status, body)
	}
}
