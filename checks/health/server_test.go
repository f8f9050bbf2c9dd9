package health

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

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
