package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// What a peer with a good certificate may do to this node.
func TestHostilePeers(t *testing.T) {
	summary := func(change func(*status.Summary)) http.HandlerFunc {
		s := status.Summary{Protocol: 1, Cluster: "web", Node: "lb2", Version: "9.9"}
		change(&s)
		return func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s) }
	}
	text := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }
	}
	for _, row := range []struct {
		name   string
		answer http.HandlerFunc
		want   string // empty: it is believed
	}{
		{"an honest one", summary(func(*status.Summary) {}), ""},
		{"one with fields of a later time", text(`{"protocol":1,"cluster":"web","node":"lb2","moon":{"phase":3}}`), ""},
		{"one that lies about its name", summary(func(s *status.Summary) { s.Node = "lb1" }), `it says that it is "lb1", and its certificate is of lb2`},
		{"of another cluster", summary(func(s *status.Summary) { s.Cluster = "mail" }), `it says that it belongs to cluster "mail", not web`},
		{"of another version", summary(func(s *status.Summary) { s.Protocol = 2 }), "it speaks version 2 of this exchange, this node version 1: install the same lbsup on both"},
		{"of no version", text(`{"node":"lb2"}`), "it speaks version 0 of this exchange, this node version 1: install the same lbsup on both"},
		{"garbage", text("\x1b[2J<html>"), "what it tells cannot be read: invalid character '\\x1b' looking for beginning of value"},
		{"a wrong type", text(`{"protocol":1,"node":7}`), "what it tells cannot be read: json: cannot unmarshal number into Go struct field Summary.node of type string"},
		{"an error", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTeapot) }, "it answers with HTTP status 418"},
		{"a redirection", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://127.0.0.1:1/", http.StatusFound)
		}, "it answers with HTTP status 302"},
		{"gigabytes", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, "it tells more than 65536 bytes"},
		{"gigabytes of headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		}, "net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 4096 bytes; aborted"},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer in time"},
		{"an answer that never ends", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"protocol":1`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, "no answer in time"},
	} {
		t.Run(row.name, func(t *testing.T) {
			one, two := pair(t)
			serving(t, two, nil, row.answer)
			limit := 20 * time.Second
			if row.want == errSilent.Error() {
				limit = patience
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			h, err := asking(t, one).ask(ctx)
			if got := words(err); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if err == nil && h.summary.Node != "lb2" {
				t.Errorf("got %+v", h.summary)
			}
		})
	}
}

// What each side has against the other's certificate, in the words of the one that asks.
func TestCertificates(t *testing.T) {
	good := time.Now().Add(time.Hour)
	office, other := newOffice(t), newOffice(t)
	for _, row := range []struct {
		name     string
		one, two func(Settings) Settings
		want     string
	}{
		{"of one key file", same, same, ""},
		{"of one authority", func(s Settings) Settings { return office.by(s, "lb1", good) }, func(s Settings) Settings { return office.by(s, "lb2", good) }, ""},
		{"another key file", same, func(s Settings) Settings { s.KeyFile = file(t, "k", strings.Repeat("x", 40), 0o600); return s },
			"its certificate is of an authority that this node does not know: is peers the same on every node, and the key file?"},
		{"another cluster", same, func(s Settings) Settings { s.Cluster = "mail"; return s },
			"its certificate is of an authority that this node does not know: is peers the same on every node, and the key file?"},
		{"the answering one's authority is strange", func(s Settings) Settings { return office.by(s, "lb1", good) }, func(s Settings) Settings { return other.by(s, "lb2", good) },
			"its certificate is of an authority that this node does not know: is peers the same on every node, and the key file?"},
		{"the answering one's certificate has expired", func(s Settings) Settings { return office.by(s, "lb1", good) },
			func(s Settings) Settings { return office.by(s, "lb2", time.Now().Add(-time.Minute)) },
			"its certificate has expired or is not good yet, by this node's clock"},
		{"the asking one's certificate has expired", func(s Settings) Settings { return office.by(s, "lb1", time.Now().Add(-time.Minute)) },
			func(s Settings) Settings { return office.by(s, "lb2", good) }, "it refuses this node's certificate: tls: expired certificate"},
		{"the asking one is another node", func(s Settings) Settings { s.Self.Name = "lb9"; return s }, same, "it refuses this node's certificate: tls: bad certificate"},
		{"the answering one is another node", func(s Settings) Settings { s.Peers = []cluster.Node{{Name: "lb9", Address: lb2.Address}}; return s }, same,
			"its certificate is for lb2, not for lb9"},
		{"the asking one has another's certificate", func(s Settings) Settings { return office.by(s, "lb2", good) }, func(s Settings) Settings { return office.by(s, "lb2", good) },
			"cannot use the certificate FILE: got one for lb2, want one for lb1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			one, two := pair(t)
			one, two = row.one(one), row.two(two)
			serving(t, two, nil, (&answers{tell: told(two), clock: time.Now}).routes())
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, err := asking(t, one).ask(ctx)
			got := strings.ReplaceAll(words(err), one.Certificate, "FILE")
			if one.Certificate == "" {
				got = words(err)
			}
			if got != row.want && !(strings.HasPrefix(row.want, "it refuses") && strings.HasSuffix(got, "reset by peer")) {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func same(s Settings) Settings { return s }

// Old versions of TLS, and none at all, are no way in.
func TestAPeerWithoutTLS(t *testing.T) {
	one, two := pair(t)
	l, err := net.Listen("tcp", two.at(two.Self))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			fmt.Fprint(conn, "220 mail.example.net ESMTP\r\n")
			conn.Close()
		}
	}()
	if _, err := asking(t, one).ask(t.Context()); words(err) != "tls: first record does not look like a TLS handshake" {
		t.Errorf("got %q", words(err))
	}
}
