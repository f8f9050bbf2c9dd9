package reload

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPost(t *testing.T) {
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		kind   kind
		want   string
	}{
		{"an answer", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("compute0\n")) }, kept, ""},
		{"a bad answer", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, kept, "got 503 Service Unavailable"},
		{"not the wanted version", func(http.ResponseWriter, *http.Request) {}, keptH2, "got HTTP/1, want HTTP/2"},
		{"half an answer", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10")
			w.Write([]byte("half"))
		}, kept, "unexpected EOF"},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := httptest.NewServer(row.answer)
			defer server.Close()
			got := ""
			if err := post(server.Client(), server.URL, row.kind); err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A request that crosses the close of its connection is lost: no second try may hide that.
func TestPostIsNotSentTwice(t *testing.T) {
	var seen atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if seen.Add(1) == 2 {
			panic(http.ErrAbortHandler) // the connection ends without an answer
		}
	}))
	defer server.Close()
	l := &load{dial: (&net.Dialer{}).DialContext}
	client := l.client(func(*http.Transport) {})
	if err := post(client, server.URL, kept); err != nil {
		t.Fatal(err)
	}
	if err := post(client, server.URL, kept); err == nil || !strings.HasSuffix(err.Error(), ": EOF") {
		t.Errorf("got %v, want EOF", err)
	}
	if got := seen.Load(); got != 2 {
		t.Errorf("the server saw %d requests, want 2", got)
	}
}

// A conversation goes on over one connection; one that breaks counts once, and the next begins anew.
func TestTalk(t *testing.T) {
	var asked, connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 3 {
			panic(http.ErrAbortHandler)
		}
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	ctx, stop := context.WithCancel(t.Context())
	l := &load{counter: newCounter(), stop: stop, dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}}
	l.running.Go(func() { l.talk(ctx, 0) })
	limit, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for l.now()[long].sent < 4 {
		if !pause(limit, 10*time.Millisecond) {
			t.Fatalf("only %+v", l.now())
		}
	}
	l.end()
	if got := l.now()[long].failed; got != 1 {
		t.Errorf("%d were counted as broken, want 1: %q", got, l.why())
	}
	if got := connections.Load(); got != 2 {
		t.Errorf("there were %d connections, want 2", got)
	}
}

func TestCounter(t *testing.T) {
	c := newCounter()
	c.add(fresh, nil)
	for _, port := range []string{"40000", "40002"} {
		c.add(fresh, errors.New("read tcp 172.18.0.200:"+port+"->172.18.100.100:80: read: connection reset by peer"))
	}
	c.add(long, errors.New("EOF"))
	if diff := cmp.Diff(map[kind]tally{fresh: {3, 2}, long: {1, 1}}, c.now(), cmp.AllowUnexported(tally{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want := []string{
		"long-lived TCP connections: EOF",
		"requests on new connections: read tcp 172.18.0.200->172.18.100.100:80: read: connection reset by peer",
	}
	if diff := cmp.Diff(want, c.why()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestCounterKeepsFewReasons(t *testing.T) {
	c := newCounter()
	for n := range 10 * atMost {
		c.add(kept, errors.New(strings.Repeat("x", n)))
	}
	if got := len(c.why()); got != atMost {
		t.Errorf("got %d reasons, want %d", got, atMost)
	}
}
