package peers

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// How long a peer may take, and how long an answer may be used again: one that asks without end costs little.
const (
	askLimit  = 2 * time.Second
	idleLimit = 10 * time.Second
	freshness = 200 * time.Millisecond
)

// What is asked for. A later version of the exchange that cannot be read by this one would have another.
const (
	path       = "/v1/summary"
	recordPath = "/v1/record"
)

// listen waits for peers on this node's own address.
func listen(s Settings) (net.Listener, error) {
	l, err := net.Listen("tcp", s.at(s.Self))
	if err != nil {
		return nil, fmt.Errorf("cannot listen for peers on %s: %s", s.at(s.Self), words(err))
	}
	return newGate(l, s.Peers), nil
}

// serve answers peers until ctx ends.
func serve(ctx context.Context, l net.Listener, id *identity, a *answers) error {
	server := &http.Server{
		Handler:           a.routes(),
		ReadHeaderTimeout: askLimit,
		ReadTimeout:       askLimit,
		WriteTimeout:      askLimit,
		IdleTimeout:       idleLimit,
		MaxHeaderBytes:    4 << 10,
		TLSNextProto:      map[string]func(*http.Server, *tls.Conn, http.Handler){}, // no HTTP/2: one small answer gains nothing by it
		ErrorLog:          log.New(io.Discard, "", 0),                               // what a stranger does wrong must not fill the journal
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	err := server.Serve(tls.NewListener(l, id.server()))
	if ctx.Err() != nil || errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("cannot go on listening for peers: %s", words(err))
}

// server is how a node shows itself to who asks, and whom it answers: who has a certificate of a peer.
func (i *identity) server() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS13, GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		p, err := i.get()
		if err != nil {
			return nil, err
		}
		return &tls.Config{
			MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{p.own}, ClientCAs: p.roots, Time: i.clock,
			ClientAuth: tls.RequireAndVerifyClientCert, NextProtos: []string{"http/1.1"},
			SessionTicketsDisabled: true, // every connection proves anew who is at its end
			VerifyConnection: func(c tls.ConnectionState) error {
				leaf := c.PeerCertificates[0]
				if !slices.ContainsFunc(i.settings.Peers, func(n cluster.Node) bool { return leaf.VerifyHostname(n.Name) == nil }) {
					return errors.New("cannot answer: the certificate is no peer's")
				}
				return nil
			},
		}, nil
	}}
}

// answers tells what there is to tell.
type answers struct {
	tell   func() status.Summary
	recall Recall
	clock  func() time.Time

	mu   sync.Mutex
	last status.Summary
	made time.Time
}

func (a *answers) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 0)
		text, err := write(a.newest())
		if err != nil {
			http.Error(w, "cannot tell", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text) // who hangs up hears nothing
	})
	mux.HandleFunc("GET "+recordPath, a.records(make(chan struct{}, 1)))
	return mux
}

func (a *answers) newest() status.Summary {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := a.clock(); a.made.IsZero() || now.Sub(a.made) >= freshness || now.Before(a.made) {
		a.last, a.made = a.tell(), now
	}
	s := a.last
	s.Time = a.clock()
	s.Instances, s.Checks = append([]status.PeerInstance{}, s.Instances...), append([]status.PeerCheck{}, s.Checks...)
	return s
}
