package notify

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// desk is a web server that keeps what it is told.
type desk struct {
	mu     sync.Mutex
	got    []News
	header http.Header
	codes  []int // to answer with, one after the other; then 204
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var n News
	text, _ := io.ReadAll(r.Body)
	if err := json.Unmarshal(text, &n); err != nil || r.Method != http.MethodPost {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	d.header = r.Header
	code := http.StatusNoContent
	if len(d.codes) > 0 {
		code, d.codes = d.codes[0], d.codes[1:]
	}
	if code < 300 {
		d.got = append(d.got, n)
	}
	w.Header().Set("Location", "/elsewhere")
	w.WriteHeader(code)
}

func opened(t *testing.T, d http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(d)
	t.Cleanup(s.Close)
	return s
}

func TestAWebhookIsTold(t *testing.T) {
	d := &desk{codes: []int{503}} // it is tried again
	notice := toURL(opened(t, d).URL + "/services/T0/secret")
	notice.HeadersFile = file(t, "headers", "# for the pager\nAuthorization: Bearer 12345\n", 0o640)
	n, log := running(t, notice)
	n.Put(became("MASTER"))
	until(t, "it was told", func() bool { return n.Reports()[0].Told == 1 })
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.got) != 1 || d.got[0].Event != cluster.Transition || d.got[0].Fields["to"] != "MASTER" || !d.got[0].Time.Equal(at) {
		t.Errorf("got %+v", d.got)
	}
	if d.header.Get("Authorization") != "Bearer 12345" || d.header.Get("Content-Type") != "application/json" {
		t.Errorf("got the headers %v", d.header)
	}
	if !strings.Contains(log.String(), "it answers with HTTP status 503") || strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "12345") {
		t.Errorf("the log: %s", log)
	}
}

func TestWebhooksThatFail(t *testing.T) {
	closed := httptest.NewServer(&desk{})
	closed.Close()
	slow := opened(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }))
	short := toURL(slow.URL)
	short.Timeout = 100 * time.Millisecond
	readable := toURL(closed.URL)
	readable.HeadersFile = file(t, "headers", "Authorization: Bearer 12345\n", 0o644)
	for _, row := range []struct {
		name   string
		notice cluster.Notice
		want   string
		given  bool
	}{
		{"it refuses", toURL(opened(t, &desk{codes: []int{401}}).URL), "it answers with HTTP status 401", true},
		{"it sends us elsewhere", toURL(opened(t, &desk{codes: []int{302}}).URL), "it answers with HTTP status 302", true},
		{"it has too much to do", toURL(opened(t, &desk{codes: []int{429, 429, 429}}).URL), "it answers with HTTP status 429", false},
		{"it is not there", toURL(closed.URL), "connection refused", false},
		{"it does not answer", short, "it took longer than 100ms", false},
		{"the headers are for everybody", readable, "cannot use FILE: everybody on this host may use it (mode 0644): chmod 0640, chgrp lbsup", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, _ := running(t, row.notice)
			n.Put(became("MASTER"))
			got := ""
			until(t, "it says so", func() bool {
				r := n.Reports()[0]
				got = strings.ReplaceAll(r.Trouble, row.notice.HeadersFile+":", "FILE:")
				return got != "" && (r.Failed == 1) == row.given
			})
			if got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

// An answer that never ends costs no more than its beginning.
func TestAnswersAreNotRead(t *testing.T) {
	endless := opened(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}))
	n, _ := running(t, toURL(endless.URL))
	n.Put(became("MASTER"))
	until(t, "it was told", func() bool { return n.Reports()[0].Told == 1 })
}

func TestHostOf(t *testing.T) {
	for url, want := range map[string]string{
		"https://hooks.example.net/services/T0/secret?key=secret": "https://hooks.example.net",
		"http://[::1]:8080/secret":                                "http://[::1]:8080",
	} {
		if got := hostOf(url); got != want {
			t.Errorf("%s: got %q", url, got)
		}
	}
}
