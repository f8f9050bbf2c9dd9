package pair

import (
	"bytes"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// caller dials the health socket of a node. A socket is found by its file, from any network namespace.
type caller func() (net.Conn, error)

func callerOf(n *lab.Node) caller {
	socket := fmt.Sprintf("/proc/%d/root/run/lbsup/health.sock", n.PID(1))
	return func() (net.Conn, error) { return net.DialTimeout("unix", socket, time.Second) }
}

// TestHostileClients leans on the health socket in every way while keepalived's checks go on.
func TestHostileClients(t *testing.T) {
	p := up(t, openShift())
	asked := watchStarts(t, p.first)
	for _, row := range []struct {
		name   string
		client func(*testing.T, caller)
	}{
		{"three hundred that say nothing", sayNothing},
		{"a megabyte", sayTooMuch},
		{"one byte at a time", saySlowly},
		{"a thousand good questions", askWell},
	} {
		t.Run(row.name, func(t *testing.T) {
			p.well(t)
			w, log := p.watch(t), journalOf(t, p.first, "keepalived")
			row.client(t, callerOf(p.first))
			asked.more(t, check, 3)
			p.well(t)
			w.undisturbed(t)
			log.lacks(t, "script", "fail", "state")
		})
	}
}

// sayNothing keeps the connections until the test ends; those that are refused have not hindered anybody either.
func sayNothing(t *testing.T, dial caller) {
	for range 300 {
		if conn, err := dial(); err == nil {
			t.Cleanup(func() { conn.Close() })
		}
	}
}

func sayTooMuch(t *testing.T, dial caller) {
	for range 5 {
		conn, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, _ = conn.Write(append([]byte("GET /check/"), bytes.Repeat([]byte("x"), 1<<20)...))
		answer := make([]byte, 1024)
		if n, _ := conn.Read(answer); bytes.Contains(answer[:n], []byte(" 200 ")) {
			t.Errorf("a megabyte was answered with %q", answer[:n])
		}
		conn.Close()
	}
}

func saySlowly(t *testing.T, dial caller) {
	conn, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, b := range []byte("GET /check/haproxy HTTP/1.0\r\n\r\n") {
		if _, err := conn.Write([]byte{b}); err != nil {
			return // its patience is at an end, and that is well
		}
		<-time.After(100 * time.Millisecond)
	}
	t.Error("lbsup has listened for three seconds")
}

func askWell(t *testing.T, dial caller) {
	for range 1000 {
		conn, err := dial()
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, _ = conn.Write([]byte("GET /check/haproxy HTTP/1.0\r\n\r\n"))
		answer := make([]byte, 1024)
		if n, err := conn.Read(answer); !bytes.HasPrefix(answer[:n], []byte("HTTP/1.0 200 ")) {
			t.Fatalf("the answer is %q: %v", answer[:n], err)
		}
		conn.Close()
	}
}
