package page

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"reflect"
	"sync"
	"time"
)

// Settings say where a node shows itself.
type Settings struct {
	Listen           string   // host:port; empty: nowhere
	Certificate, Key string   // empty: plain HTTP
	Names            []string // host names and addresses of the node, by which it may be asked for
}

func (s Settings) same(as Settings) bool { return reflect.DeepEqual(s, as) }

// Site shows a node where its settings say. What goes wrong ends nothing: it is told by Trouble, and tried again.
type Site struct {
	hub     *hub
	metrics http.Handler
	limits  limits
	clock   func() time.Time
	next    chan Settings // the newest replaces one that was not taken yet

	mu      sync.Mutex
	trouble string
	at      net.Addr // where it listens; nil: nowhere
}

// NewSite returns one that shows nothing until it is told where. Metrics answers what is asked of /metrics.
func NewSite(s Source, metrics http.Handler) *Site {
	return &Site{hub: newHub(s), metrics: metrics, limits: usual, clock: time.Now, next: make(chan Settings, 1)}
}

// Replace says where to show the node from now on. It never blocks; it has one caller.
func (s *Site) Replace(to Settings) {
	select {
	case <-s.next:
	default:
	}
	s.next <- to
}

// Trouble says what keeps the page from being shown, "" when nothing does.
func (s *Site) Trouble() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// Address is where the page is at this moment, "" when it is nowhere.
func (s *Site) Address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at == nil {
		return ""
	}
	return s.at.String()
}

// Viewers is how many pages are open.
func (s *Site) Viewers() int { return s.hub.watched() }

func (s *Site) stands(at net.Addr, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.trouble = at, ""
	if err != nil {
		s.trouble = err.Error()
	}
}

// Run shows the node until ctx ends.
func (s *Site) Run(ctx context.Context) error {
	var hub sync.WaitGroup
	hub.Go(func() { s.hub.run(ctx) })
	defer hub.Wait()
	var now Settings
	for {
		stop := func() {}
		var ended <-chan error
		var retry <-chan time.Time
		if now.Listen != "" {
			var err error
			if stop, ended, err = s.open(ctx, now); err != nil {
				s.stands(nil, err)
				retry = time.After(s.limits.retry)
			}
		} else {
			s.stands(nil, nil)
		}
		next, goOn := s.wait(ctx, now, ended, retry)
		stop()
		if !goOn {
			return nil
		}
		now = next
	}
}

// wait returns when there is something to do: another place to listen, or another try at the same.
func (s *Site) wait(ctx context.Context, now Settings, ended <-chan error, retry <-chan time.Time) (next Settings, goOn bool) {
	for {
		select {
		case <-ctx.Done():
			return now, false
		case <-retry:
			return now, true
		case err := <-ended:
			s.stands(nil, fmt.Errorf("cannot go on listening on %s: %w", now.Listen, err))
			ended, retry = nil, time.After(s.limits.retry)
		case to := <-s.next:
			if !to.same(now) {
				return to, true
			}
		}
	}
}

// open listens and serves until stop is called.
func (s *Site) open(ctx context.Context, to Settings) (stop func(), ended <-chan error, err error) {
	var secure *certificate
	if to.Certificate != "" {
		secure = &certificate{file: to.Certificate, key: to.Key, clock: s.clock}
		if err := secure.look(); secure.loaded == nil {
			return func() {}, nil, err
		}
	}
	l, err := net.Listen("tcp", to.Listen)
	if err != nil {
		return func() {}, nil, fmt.Errorf("cannot listen on %s: %w", to.Listen, err)
	}
	s.stands(l.Addr(), nil)
	ctx, cancel := context.WithCancel(ctx)
	server := s.http(ctx, names{to.Names, secure})
	done := make(chan error, 1)
	var all sync.WaitGroup
	all.Go(func() {
		var inside net.Listener = newCrowd(l, s.limits)
		if secure != nil {
			inside = tls.NewListener(inside, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: secure.get, NextProtos: []string{"http/1.1"}})
		}
		done <- server.Serve(inside)
	})
	if secure != nil {
		all.Go(func() { s.watch(ctx, secure, l.Addr()) })
	}
	return func() { cancel(); _ = server.Close(); all.Wait() }, done, nil
}

// watch tells of a certificate that has expired or was renewed with one that cannot be used.
func (s *Site) watch(ctx context.Context, c *certificate, at net.Addr) {
	for {
		s.stands(at, c.look())
		select {
		case <-ctx.Done():
			return
		case <-time.After(s.limits.notice):
		}
	}
}

func (s *Site) http(ctx context.Context, n names) *http.Server {
	h := &handler{hub: s.hub, limits: s.limits, life: ctx, clock: s.clock}
	return &http.Server{
		Handler:           h.routes(n, s.metrics),
		ReadHeaderTimeout: s.limits.ask,
		ReadTimeout:       s.limits.ask,
		WriteTimeout:      s.limits.ask + s.limits.read,
		IdleTimeout:       s.limits.idle,
		MaxHeaderBytes:    s.limits.header,
		// What a client does wrong is its own business and would only let it fill the journal.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}
