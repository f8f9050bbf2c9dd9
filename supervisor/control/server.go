package control

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// limits is what one client may cost.
type limits struct {
	share, total int           // connections: of one user, of all but root
	header       int           // bytes of a request's header
	body         int64         // bytes of a request's body
	ask          time.Duration // to send a whole request
	idle         time.Duration // between two requests
	read         time.Duration // to take one answer, or one line of a change
	goodbye      time.Duration // for answers under way when the supervisor ends
}

var usual = limits{
	share: 16, total: 64,
	header: 8 << 10, body: 4 << 10,
	ask: 5 * time.Second, idle: 15 * time.Second, read: 10 * time.Second, goodbye: 2 * time.Second,
}

// server answers for one Backend.
type server struct {
	backend  Backend
	limits   limits
	changers uint32          // the group whose members may change things
	life     context.Context // a change lives as long as the supervisor, not as long as who asked for it
	changes  sync.WaitGroup
	log      zerolog.Logger
}

// Serve answers on the listener until ctx ends, then closes it and waits for the changes under way, which see ctx end
// too. It returns nil when ctx ended it.
func Serve(ctx context.Context, l net.Listener, b Backend, log zerolog.Logger) error {
	changers, err := changersOf(l, Changers)
	if err != nil {
		return err
	}
	return serve(ctx, l, b, log, usual, changers)
}

func serve(ctx context.Context, l net.Listener, b Backend, log zerolog.Logger, lim limits, changers uint32) (err error) {
	s := &server{backend: b, limits: lim, changers: changers, life: ctx, log: log}
	hs := s.http()
	ended := make(chan error, 1)
	go func() { ended <- hs.Serve(guard(l, lim.share, lim.total, log)) }()

	select {
	case err = <-ended:
	case <-ctx.Done():
		s.close(hs)
		err = <-ended
	}
	s.changes.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// close lets changes say how they ended, and answers be read, for a moment.
func (s *server) close(hs *http.Server) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.life), s.limits.goodbye)
	defer cancel()
	if hs.Shutdown(ctx) != nil {
		_ = hs.Close()
	}
}

func (s *server) http() *http.Server {
	return &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: s.limits.ask,
		ReadTimeout:       s.limits.ask,
		WriteTimeout:      s.limits.ask + s.limits.read, // it starts with the request's header
		IdleTimeout:       s.limits.idle,
		MaxHeaderBytes:    s.limits.header,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			if k, ok := c.(*known); ok {
				return context.WithValue(ctx, peerKey{}, k.peer)
			}
			return ctx
		},
		// What a client does wrong is its own business and would only let it fill the journal.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

type peerKey struct{}

// asker returns who sent the request.
func asker(r *http.Request) (peer, bool) {
	p, ok := r.Context().Value(peerKey{}).(peer)
	return p, ok
}
