package probe

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

// TestHTTPOddServers has servers that no HTTP library would write.
func TestHTTPOddServers(t *testing.T) {
	for _, tc := range []struct {
		name  string
		serve func(net.Conn)
		want  checks.Result
	}{
		{"says nothing", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, doubtful("no answer in time")},
		{"closes", func(c net.Conn) {}, failed("EOF")},
		{"garbage", func(c net.Conn) { _, _ = c.Write([]byte("\x00\x01\x02\n\n")) },
			failed(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "\x00\x01\x02"`)},
		{"a header without an end", func(c net.Conn) {
			_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n")
			for ; err == nil; _, err = io.WriteString(c, "X: "+strings.Repeat("y", 4096)+"\r\n") {
			}
		}, failed("net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 65536 bytes; aborted")},
		{"a body without an end", func(c net.Conn) {
			_, err := io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
			for ; err == nil; _, err = io.WriteString(c, strings.Repeat("z", 4096)) {
			}
		}, healthy("HTTP 200 OK")},
		{"a body that does not come", func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
			_, _ = io.Copy(io.Discard, c)
		}, healthy("HTTP 200 OK")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			def := httpCheck("http://" + serve(t, tc.serve))
			if tc.want.Health == checks.Doubtful {
				def.Timeout = 50 * time.Millisecond
			}
			if diff := cmp.Diff(tc.want, ask(t, def)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// serve accepts on a loopback port and hands each connection to f, until the test ends.
func serve(t *testing.T, f func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
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
				buffer := make([]byte, 4096)
				_, _ = conn.Read(buffer) // the request; TestTCP's has none
				f(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// closedPort is an address that refuses.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func TestConnectErrors(t *testing.T) {
	port := closedPort(t)
	for _, tc := range []struct {
		name string
		def  checks.Definition
		want checks.Result
	}{
		{"http, refused; the password is not told", httpCheck("http://user:secret@" + port + "/"), failed("dial tcp %s: connect: connection refused", port)},
		{"http, no such name", httpCheck("http://no.such.name.invalid/"), doubtful("cannot resolve no.such.name.invalid: ")},
		{"tcp, refused", tcpCheck(port), failed("dial tcp %s: connect: connection refused", port)},
		{"tcp, no such name", tcpCheck("no.such.name.invalid:80"), doubtful("cannot resolve no.such.name.invalid: ")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := ask(t, tc.def)
			if tc.want.Health == checks.Doubtful { // what the resolver says depends on the host's
				got.Reason, _, _ = strings.Cut(got.Reason, "invalid: ")
				got.Reason += "invalid: "
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
