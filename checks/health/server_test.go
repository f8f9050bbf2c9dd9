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

	"github.com/google/go-cmp/cmp"
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

func TestAnswers(t *testing.T) {
	h := open(t)
	for _, tc := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/check/haproxy", 200, "healthy: answered in 1ms\n"},
		{"GET", "/check/haproxy?x=y", 200, "healthy: answered in 1ms\n"},
		{"GET", "/check/h%61proxy", 200, "healthy: answered in 1ms\n"},
		{"GET", "/check/api", 503, "failed: HTTP 503\n"},
		{"GET", "/check/slow", 503, "in doubt: no answer in time\n"},
		{"GET", "/check/old", 503, "in doubt: stale: last looked 1m0s ago, at most 3s expected; was healthy: ok\n"},
		{"GET", "/check/never", 503, "unknown: nobody has looked yet\n"},
		{"GET", "/check/nothing", 404, "there is no check \"nothing\"\n"},
		{"GET", "/check/a%0d%0ab", 404, "there is no check \"a\\r\\nb\"\n"},
		{"GET", "/check/", 404, "there is no check \"\"\n"},
		{"GET", "/check/haproxy/", 404, "there is no check \"haproxy/\"\n"},
		{"GET", "/", 404, "ask for /check or /check/NAME\n"},
		{"GET", "/checks", 404, "ask for /check or /check/NAME\n"},
		{"HEAD", "/check/haproxy", 200, ""},
		{"HEAD", "/check/api", 503, ""},
		{"POST", "/check/haproxy", 405, "ask with GET or HEAD\n"},
		{"DELETE", "/check", 405, "ask with GET or HEAD\n"},
		{"OPTIONS", "*", 404, "ask for /check or /check/NAME\n"},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			status, body := h.ask(t, tc.method, tc.path)
			if status != tc.status || body != tc.body {
				t.Errorf("got %d %q, want %d %q", status, body, tc.status, tc.body)
			}
		})
	}
}

func TestAnswerForAll(t *testing.T) {
	status, body := open(t).ask(t, "GET", "/check")
	want := `[
  {
    "check": "haproxy",
    "healthy": true,
    "health": "healthy",
    "reason": "answered in 1ms",
    "since": "2024-05-01T12:00:00Z",
    "at": "2024-05-01T12:00:00Z"
  },
`
	if status != 200 || !strings.HasPrefix(body, want) {
		t.Errorf("got %d, (-want +got):\n%s", status, cmp.Diff(want, body))
	}
	last := `  {
    "check": "never",
    "healthy": false,
    "health": "unknown",
    "reason": "nobody has looked yet"
  }
]
`
	if !strings.HasSuffix(body, last) {
		t.Errorf("the last entry (-want +got):\n%s", cmp.Diff(last, body))
	}
}

func TestAsked(t *testing.T) {
	h := open(t)
	h.ask(t, "GET", "/check/haproxy")
	h.ask(t, "HEAD", "/check/api")
	h.ask(t, "GET", "/check/nothing")
	h.ask(t, "GET", "/check")
	h.ask(t, "POST", "/check/haproxy")
	user := os.Getuid()
	want := []Question{{Check: "haproxy", Agent: "lbsup-check", User: user}, {Check: "api", Agent: "lbsup-check", User: user}}
	h.mu.Lock()
	defer h.mu.Unlock()
	if diff := cmp.Diff(want, h.asked); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestStopping tells a server to end while one client says nothing: Serve returns, and the socket file of a listener
// that systemd holds would still be there.
func TestStopping(t *testing.T) {
	h := open(t)
	silent := h.dial(t)
	h.mustAnswer(t)
	if err := h.stop(); err != nil {
		t.Fatalf("got %v, want nil", err)
	}
	if n, err := silent.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("the silent client got %d bytes, %v", n, err)
	}
}

func TestServeOnAClosedListener(t *testing.T) {
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "h.sock"))
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	err = (&Server{Log: zerolog.Nop()}).Serve(t.Context(), listener)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot serve the health socket: accept unix ") {
		t.Errorf("got %v", err)
	}
}
