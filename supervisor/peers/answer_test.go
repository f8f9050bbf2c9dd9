package peers

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// answering has lb1 answer as it does for real.
func answering(t *testing.T, s Settings, a *answers) {
	t.Helper()
	l, err := listen(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, l, &identity{settings: s, clock: time.Now}, a) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// knock connects from an address, and says whether somebody opens.
func knock(t *testing.T, from string, s Settings) (net.Conn, bool) {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := d.Dial("tcp", s.at(s.Self))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	secure := tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return conn, secure.HandshakeContext(ctx) == nil
}

// Who is no peer is shown nothing at all.
func TestStrangersAreNotLetIn(t *testing.T) {
	one, _ := pair(t)
	answering(t, one, &answers{tell: told(one), clock: time.Now})
	if _, opened := knock(t, "127.0.0.9", one); opened {
		t.Error("a stranger was shown a certificate")
	}
	if _, opened := knock(t, lb2.Address.String(), one); !opened {
		t.Error("a peer's address was shown none")
	}
}

// A peer's address with too many connections is hung up on, and may come again when one has ended.
func TestConnectionsAreCounted(t *testing.T) {
	one, _ := pair(t)
	l, err := listen(one)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	in := make(chan net.Conn)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			in <- conn
		}
	}()
	var guests []net.Conn
	for range share {
		dialPlain(t, one)
		guests = append(guests, <-in)
	}
	if _, err := dialPlain(t, one).Read(make([]byte, 1)); err == nil {
		t.Error("one too many was let in")
	}
	_ = guests[0].Close()
	_ = guests[0].Close() // an end counts once
	dialPlain(t, one)
	guests = append(guests, <-in)
	if _, err := dialPlain(t, one).Read(make([]byte, 1)); err == nil {
		t.Error("one too many was let in after one had gone")
	}
	for _, g := range guests {
		_ = g.Close()
	}
}

// dialPlain connects and says nothing.
func dialPlain(t *testing.T, s Settings) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: lb2.Address.AsSlice()}}
	conn, err := d.Dial("tcp", s.at(s.Self))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// Who connects and says nothing is not waited for.
func TestSilentGuestsAreSentAway(t *testing.T) {
	one, _ := pair(t)
	answering(t, one, &answers{tell: told(one), clock: time.Now})
	conn := dialPlain(t, one)
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("want the end of the connection, got %v", err)
	}
}

func TestQuestions(t *testing.T) {
	one, two := pair(t)
	answering(t, one, &answers{tell: told(one), clock: time.Now})
	two.Peers = []cluster.Node{lb1}
	q := asking(t, two)
	for _, row := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, path, 200}, {http.MethodPost, path, 405}, {http.MethodGet, "/", 404}, {http.MethodGet, "/v2/summary", 404},
	} {
		r, _ := http.NewRequestWithContext(t.Context(), row.method, "https://"+two.at(lb1)+row.path, nil)
		answer, err := q.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != row.want {
			t.Errorf("%s %s: got %d, want %d", row.method, row.path, answer.StatusCode, row.want)
		}
	}
}

// A peer that asks without end does not make this node look at itself each time, and is told the time all the same.
func TestAnswersAreUsedAgain(t *testing.T) {
	now, looks := time.Unix(1000, 0), 0
	a := &answers{clock: func() time.Time { return now }, tell: func() status.Summary { looks++; return status.Summary{Node: "lb1"} }}
	for range 10 {
		now = now.Add(freshness / 10)
		if s := a.newest(); !s.Time.Equal(now) {
			t.Fatalf("got %v, want %v", s.Time, now)
		}
	}
	if looks != 1 {
		t.Errorf("looked %d times", looks)
	}
	now = now.Add(-time.Hour)
	if a.newest(); looks != 2 {
		t.Errorf("after the clock was set back it looked %d times", looks)
	}
}
