package wire

import (
	"context"
	"net"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"
)

// mostSessions is how many may listen at a time: one supervisor, and the one before it that is just going.
const mostSessions = 4

// Serve tells everyone who connects what he wishes to hear, until ctx ends. What is wrong with one of them ends him alone.
func Serve(ctx context.Context, l net.Listener, log zerolog.Logger) error {
	return serve(ctx, l, realLinks, log)
}

func serve(ctx context.Context, l net.Listener, on links, log zerolog.Logger) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(mostSessions)
	defer context.AfterFunc(ctx, func() { l.Close() })()
	for {
		conn, err := l.Accept()
		if err != nil && ctx.Err() == nil {
			l.Close()
			return err
		}
		if err != nil {
			return group.Wait()
		}
		s := &session{conn: conn, links: on, ears: map[task]*run{}}
		begun := group.TryGo(func() error {
			defer conn.Close()
			if err := s.serve(ctx); err != nil && ctx.Err() == nil {
				log.Warn().Err(err).Msg("hung up")
			}
			return nil
		})
		if !begun {
			log.Warn().Msg("hung up: too many listen already")
			conn.Close()
		}
	}
}
