package probe

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

// ask puts the question of a check once, with the timeout of the check or, as a safeguard, of the test.
func ask(t *testing.T, def checks.Definition) checks.Result {
	t.Helper()
	f, err := New(def)
	if err != nil {
		t.Fatal(err)
	}
	if def.Timeout == 0 {
		def.Timeout = 20 * time.Second
	}
	ctx, cancel := context.WithTimeout(t.Context(), def.Timeout)
	defer cancel()
	return f(ctx)
}

func httpCheck(url string, status ...int) checks.Definition {
	return checks.Definition{Name: "web", Probe: checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: url, Status: status}}}
}

func TestHTTPStatus(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		if status >= 300 && status < 400 {
			w.Header().Set("Location", "/500")
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	for _, tc := range []struct {
		path   string
		status []int
		want   checks.Result
	}{
		{"/200", nil, healthy("HTTP 200 OK")},
		{"/204", nil, healthy("HTTP 204 No Content")},
		{"/302", nil, healthy("HTTP 302 Found")},
		{"/404", nil, failed("HTTP 404 Not Found")},
		{"/503", nil, failed("HTTP 503 Service Unavailable")},
		{"/599", nil, failed("HTTP 599")},
		{"/404", []int{200, 404}, healthy("HTTP 404 Not Found")},
		{"/201", []int{200, 404}, failed("HTTP 201 Created")},
	} {
		t.Run(fmt.Sprint(tc.path, tc.status), func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ask(t, httpCheck(server.URL+tc.path, tc.status...))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHTTPAsksForItselfAndAnew(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	t.Setenv("http_proxy", "http://127.0.0.1:1")
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	f, err := New(httpCheck(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if diff := cmp.Diff(healthy("HTTP 200 OK"), f(t.Context())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := connections.Load(); got != 3 {
		t.Errorf("got %d connections for 3 questions", got)
	}
}

func TestHTTPOverTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it will complain about the client that verifies
	server.StartTLS()
	defer server.Close()
	def := httpCheck(server.URL)
	if diff := cmp.Diff(healthy("HTTP 200 OK"), ask(t, def)); diff != "" {
		t.Errorf("unverified (-want +got):\n%s", diff)
	}
	def.Probe.HTTP.TLSVerify = true
	want := failed("tls: failed to verify certificate: %v", x509.UnknownAuthorityError{})
	if diff := cmp.Diff(want, ask(t, def)); diff != "" {
		t.Errorf("verified (-want +got):\n%s", diff)
	}
}
