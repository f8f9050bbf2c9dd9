package haproxy

import (
	"bufio"
	"context"
	"io"
	"net"
	"time"
)

// Events follows a ring of HAProxy's, in which it tells of servers that go up and down. What it tells only means "look
// again": the state of the servers is asked for afterwards.
type Events struct {
	Socket string
	Ring   string
}

// How long Events waits before it connects again to a worker that is gone or has no such ring.
const eventsPause = 250 * time.Millisecond

// maxEvent bounds one line.
const maxEvent = 4 << 10

// Run calls emit for each event until ctx ends, which is no error. A held connection keeps an old worker alive after a
// reload, so the connection is given up whenever renewed is signalled and made anew with whoever listens then.
func (e Events) Run(ctx context.Context, renewed <-chan struct{}, emit func()) error {
	for ctx.Err() == nil {
		e.follow(ctx, renewed, emit)
		timer := time.NewTimer(eventsPause)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

// follow reads one connection until it ends. That the worker is gone or too old for the ring is for others to tell.
func (e Events) follow(ctx context.Context, renewed <-chan struct{}, emit func()) {
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := dial(short, e.Socket)
	if err != nil {
		return
	}
	defer conn.Close()
	done := make(chan struct{})
	defer close(done)
	go hangUp(ctx, conn, renewed, done)
	// -w waits for what is to come, -n leaves out what is past. The write side stays open: closing it ends the command.
	if _, err := io.WriteString(conn, "show events "+e.Ring+" -w -n\n"); err != nil {
		return
	}
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, maxEvent), maxEvent)
	for lines.Scan() {
		if len(lines.Bytes()) > 0 {
			emit()
		}
	}
}

func hangUp(ctx context.Context, conn net.Conn, renewed, done <-chan struct{}) {
	select {
	case <-ctx.Done():
	case <-renewed:
	case <-done:
	}
	conn.Close()
}
