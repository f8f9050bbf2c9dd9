package health

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/checks/board"
)

// What one client, and all of them together, may take. keepalived's check gives up after a second: so does the server.
const (
	clients     = 256         // connections at once
	patience    = time.Second // for the whole question, and again for the answer
	headerSlack = 4 << 10     // net/http lets a header be this much longer than MaxHeaderBytes
	headerLimit = 8<<10 - headerSlack
	grace       = 250 * time.Millisecond // for the questions being answered when the server is told to stop
)

// Server answers from a board.
type Server struct {
	Board *board.Board
	Now   func() time.Time
	Asked func(Question) // told of each question about a known check; it must not block. May be nil
	Log   zerolog.Logger
}

// Question is who asked for what.
type Question struct {
	Check string
	Agent string // the User-Agent: lbsup-check calls itself so, and anybody else can
	User  int    // the user ID that the kernel vouches for; Nobody where it does not
}

// Serve answers until ctx ends, and then returns nil. It closes the listener; connections that were not yet accepted
// wait in the backlog for whoever listens next, when the listener is a copy of systemd's.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	server, entrance := s.http(), &gate{Listener: listener, limit: clients, user: peer}
	defer server.Close()
	release := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer release()
	if err := server.Serve(entrance); ctx.Err() == nil {
		return fmt.Errorf("cannot serve the health socket: %v", err)
	}
	// Not http.Server.Shutdown: it drops the questions of connections that were accepted a moment ago.
	select {
	case <-entrance.left():
	case <-time.After(grace):
	}
	return nil
}

func (s *Server) http() *http.Server {
	server := &http.Server{
		Handler:                      http.HandlerFunc(s.answer),
		DisableGeneralOptionsHandler: true, // OPTIONS * is refused like any other method
		ReadTimeout:                  patience,
		WriteTimeout:                 patience,
		MaxHeaderBytes:               headerLimit,
		ErrorLog:                     log.New(s.Log, "", 0),
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, userKey{}, userOf(conn))
		},
	}
	// A connection carries one question. So there are no idle connections, and bodies are not waited for.
	server.SetKeepAlivesEnabled(false)
	return server
}
