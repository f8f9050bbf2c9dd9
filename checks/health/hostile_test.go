package health

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestHostileClients has clients that nobody would want. Each is got rid of, and an honest one is answered meanwhile.
func TestHostileClients(t *testing.T) {
	megabyte := strings.Repeat("x", 1<<20)
	const honest = "GET /check/haproxy HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, tc := range []struct {
		name string
		text string
		want string // how the answer begins, when one is owed
	}{
		{"says nothing", "", ""},
		{"stops in the middle", "GET /check/haproxy HTTP/1.1\r\nHost:", ""},
		{"a request line of a megabyte", "GET /" + megabyte + " HTTP/1.1\r\n\r\n", ""},
		{"no line at all, a megabyte long", megabyte, ""},
		{"a header of a megabyte", "GET /check/haproxy HTTP/1.1\r\nHost: x\r\nX: " + megabyte + "\r\n\r\n", ""},
		{"a header of nine kilobytes", "GET /check/haproxy HTTP/1.1\r\nHost: x\r\nX: " + megabyte[:9<<10] + "\r\n\r\n", "HTTP/1.1 431 "},
		{"ten thousand headers", "GET /check/haproxy HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("X: y\r\n", 10000) + "\r\n", ""},
		{"a body that does not come", "GET /check/haproxy HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
		{"a body of chunks", "GET /check/api HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\nx", "HTTP/1.1 503 "},
		{"waits to be told to go on", "POST /check/api HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 405 "},
		{"binary garbage", "\x16\x03\x01\x00\xff\x00\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"zero bytes", strings.Repeat("\x00", 4096), ""},
		{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""},
		{"HTTP/0.9", "GET /check/haproxy\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		{"an upgrade", "GET /check/haproxy HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
		{"keep-alive: one question a connection", strings.Repeat(honest, 100), "HTTP/1.1 200 OK\r\n"},
		{"another host's URL", "GET http://elsewhere/check/haproxy HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200 OK\r\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			conn := h.dial(t)
			sent := make(chan struct{})
			go func() {
				defer close(sent)
				_, _ = io.WriteString(conn, tc.text)
			}()
			h.mustAnswer(t)
			answer, err := io.ReadAll(conn)
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("the server keeps the connection; so far it said %q", answer)
			}
			<-sent
			if !strings.HasPrefix(string(answer), tc.want) || strings.Count(string(answer), "HTTP/1.1 ") > 1 {
				t.Errorf("got %q, want one answer that begins with %q", answer, tc.want)
			}
			h.mustAnswer(t)
		})
	}
}

func TestHalfClose(t *testing.T) {
	h := open(t)
	conn := h.dial(t).(*net.UnixConn)
	_, _ = io.WriteString(conn, "GET /check/haproxy HTTP/1.0\r\n\r\n")
	_ = conn.CloseWrite()
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasSuffix(string(answer), "\r\n\r\nhealthy: answered in 1ms\n") {
		t.Errorf("got %q, %v", answer, err)
	}
}

// TestTrickle sends a byte now and then: no byte gains it more time.
func TestTrickle(t *testing.T) {
	t.Parallel()
	h := open(t)
	conn := h.dial(t)
	pause := time.NewTicker(20 * time.Millisecond)
	defer pause.Stop()
	for sent := range 1000 {
		<-pause.C
		if _, err := conn.Write([]byte("x")); err != nil {
			h.mustAnswer(t)
			if sent == 0 {
				t.Error("the server hung up at once")
			}
			return
		}
	}
	t.Error("after twenty seconds the server still listens")
}

// TestFiveHundredIdleConnections is a client that connects and connects: it drives out its own connections only.
func TestFiveHundredIdleConnections(t *testing.T) {
	h := open(t)
	var idle []net.Conn
	for range 500 {
		idle = append(idle, h.dial(t))
	}
	h.mustAnswer(t)
	if n, err := idle[0].Read(make([]byte, 1)); n != 0 || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the oldest idle connection got %d bytes, %v, want it closed", n, err)
	}
}

// TestHammer has many honest clients at once, more than there is room for, but none that dawdles.
func TestHammer(t *testing.T) {
	h := open(t)
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for range 100 {
				h.mustAnswer(t)
			}
		})
	}
	clients.Wait()
}
