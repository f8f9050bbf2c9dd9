package control

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/status"
)

func dial(t *testing.T, socket string) net.Conn {
	t.Helper()
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil { // a test that hangs says nothing
		t.Fatal(err)
	}
	return c
}

// Each row sends bytes; the server must answer with this status, or hang up (0), and go on answering others.
func TestHostileBytes(t *testing.T) {
	f := &fake{snapshot: status.Snapshot{Node: "lb1"}}
	socket, _ := start(t, f, quick)
	for _, row := range []struct {
		name, send string
		want       int
	}{
		{"says nothing", "", 0},
		{"half a header", "GET /v1/status HTTP/1.1\r\nHost:", 0},
		{"binary", "\x00\xff\x16\x03\x01\n\n", 400},
		{"a megabyte of header", "GET /v1/status HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 1<<20) + "\r\n\r\n", 431},
		{"half a body", "POST /v1/change HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", 400},
		{"a megabyte of body", "POST /v1/change HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n\"" + strings.Repeat("a", 1<<20), 400},
		{"unknown path", "GET /etc/shadow HTTP/1.1\r\nHost: x\r\n\r\n", 404},
		{"another method", "DELETE /v1/status HTTP/1.1\r\nHost: x\r\n\r\n", 405},
		{"change by GET", "GET /v1/change HTTP/1.1\r\nHost: x\r\n\r\n", 405},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := dial(t, socket)
			_, _ = io.WriteString(c, row.send) // the server may hang up in the middle of a megabyte
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			switch {
			case row.want == 0 && err == nil && resp.StatusCode != http.StatusRequestTimeout && resp.StatusCode != http.StatusBadRequest:
				t.Errorf("got %s, want that the server hangs up", resp.Status)
			case row.want != 0 && err != nil && !strings.Contains(row.name, "megabyte"): // those may see a reset first
				t.Errorf("got %v, want %d", err, row.want)
			case row.want != 0 && err == nil && resp.StatusCode != row.want:
				t.Errorf("got %s, want %d", resp.Status, row.want)
			}
			if _, err := (Client{Socket: socket}).Status(t.Context()); err != nil {
				t.Errorf("the next client: %v", err)
			}
		})
	}
	if got := f.requests(); len(got) != 0 {
		t.Errorf("the backend was asked for %+v", got)
	}
}

func TestOneUserHasHisShare(t *testing.T) {
	lim := quick
	lim.ask, lim.idle = 20*time.Second, 20*time.Second
	socket, _ := start(t, &fake{}, lim)
	for range lim.share {
		dial(t, socket)
	}
	// Accepted in the order of connecting: this one is beyond the share.
	c := dial(t, socket)
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("got an answer, want that the server hangs up")
	}
}

func TestGuardCounts(t *testing.T) {
	g := guard(nil, 2, 3, zerolog.Nop())
	for i, row := range []struct {
		uid  uint32
		in   bool
		want bool
	}{
		{1, true, true}, {1, true, true}, {1, true, false}, // a share
		{2, true, true}, {3, true, false}, // the total
		{0, true, true}, {0, true, true}, {0, true, false}, // root has a share of its own
		{1, false, true}, {3, true, true},
	} {
		got := true
		if row.in {
			got = g.enter(row.uid)
		} else {
			g.exit(row.uid)
		}
		if got != row.want {
			t.Errorf("step %d: uid %d: got %v, want %v", i, row.uid, got, row.want)
		}
	}
}

// A client that asks for a change and never reads must not hold it up.
func TestAClientThatDoesNotRead(t *testing.T) {
	f := &fake{started: make(chan struct{}, 1), ended: make(chan error, 1)}
	for range 5000 {
		f.says = append(f.says, strings.Repeat("x", 1000))
	}
	socket, stop := start(t, f, quick)
	c := dial(t, socket)
	_, err := io.WriteString(c, "POST /v1/change HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n"+`{"request":"reload"}`)
	if err != nil {
		t.Fatal(err)
	}
	<-f.started
	if err := <-f.ended; err != nil {
		t.Errorf("the change saw %v", err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}
