package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"reflect"
	"time"
)

const (
	silent       = 4 * Heartbeat // after which nobody listens any more
	longestLine  = 1 << 20       // of a report, which is far shorter
	dialPatience = 2 * time.Second
)

// Follow tells whoever listens behind a socket what is wished for, at first and when something on changed says that it may be something else now, and
// calls emit with each report. It ends with ctx, which is no error, or when nobody listens.
func Follow(ctx context.Context, socket string, wish func() Wish, changed <-chan struct{}, emit func(Report)) error {
	conn, err := (&net.Dialer{Timeout: dialPatience}).DialContext(ctx, "unix", socket)
	if err != nil {
		return ended(ctx, fmt.Errorf("cannot reach lbsup-wire: %w", plain(err)))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	told := make(chan struct{})
	go func() {
		defer close(told)
		if err := tell(ctx, conn, wish, changed); err != nil {
			cancel(err)
		}
	}()
	defer func() { conn.Close(); cancel(nil); <-told }()
	return ended(ctx, hear(conn, emit))
}

// ended is nil where a caller ended the context.
func ended(ctx context.Context, err error) error {
	cause := context.Cause(ctx)
	switch {
	case cause == nil:
		return err
	case cause == context.Canceled || cause == context.DeadlineExceeded:
		return nil
	default:
		return cause
	}
}

func plain(err error) error {
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		if call := (*os.SyscallError)(nil); errors.As(op.Err, &call) {
			return call.Err
		}
		return op.Err
	}
	return err
}

func tell(ctx context.Context, conn net.Conn, wish func() Wish, changed <-chan struct{}) error {
	for last, first := (Wish{}), true; ; first = false {
		if now := wish(); first || !reflect.DeepEqual(now, last) {
			line, err := json.Marshal(now)
			if err != nil {
				return err
			}
			if err := conn.SetWriteDeadline(time.Now().Add(silent)); err != nil {
				return nil // the other side has ended it
			}
			if _, err := conn.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("cannot tell lbsup-wire what to listen to: %w", plain(err))
			}
			last = now
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
	}
}

func hear(conn net.Conn, emit func(Report)) error {
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, longestLine)
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silent)); err != nil {
			return errors.New("lbsup-wire hung up")
		}
		if !lines.Scan() {
			return lost(lines.Err())
		}
		var r Report
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("cannot read what lbsup-wire says: %v", err)
		}
		emit(r)
	}
}

func lost(err error) error {
	switch {
	case err == nil:
		return errors.New("lbsup-wire hung up")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("lbsup-wire has said nothing for %v", silent)
	case errors.Is(err, bufio.ErrTooLong):
		return errors.New("cannot read what lbsup-wire says: a line is too long")
	default:
		return fmt.Errorf("cannot hear lbsup-wire: %w", plain(err))
	}
}
