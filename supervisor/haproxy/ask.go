package haproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// patience bounds a question whose context has no nearer deadline, so that nothing here can hang.
const patience = 10 * time.Second

// Errors of a question that callers tell apart.
var (
	errEmpty = errors.New("it closed the connection without an answer")
	errLong  = errors.New("its answer is longer than expected")
)

// ask puts one question to a command socket, on a connection of its own, and returns the whole answer.
//
// The write side is shut down instead of sending "quit": a target that is gone makes "cmd;quit" hang on HAProxy 3.x, while
// reading to EOF after a shutdown ends on every version from 2.2 on. A fresh connection for each question because a held
// one keeps an old worker alive after a reload.
func ask(ctx context.Context, socket, command string, limit int64) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return askPatiently(ctx, socket, command, limit)
}

// askPatiently waits as long as ctx lets it.
func askPatiently(ctx context.Context, socket, command string, limit int64) (string, error) {
	answer, err := exchange(ctx, socket, command, limit)
	if err != nil {
		first, _, _ := strings.Cut(command, ";")
		return answer, fmt.Errorf("cannot ask HAProxy %q at %q: %w", first, socket, plain(ctx, err))
	}
	return answer, nil
}

func exchange(ctx context.Context, socket, command string, limit int64) (string, error) {
	conn, err := dial(ctx, socket)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return "", err
	}
	if err := conn.CloseWrite(); err != nil {
		return "", err
	}
	answer, err := io.ReadAll(io.LimitReader(conn, limit+1))
	if err == nil && int64(len(answer)) > limit {
		return "", errLong
	}
	if err == nil && len(answer) == 0 {
		return "", errEmpty
	}
	return string(answer), err
}

func dial(ctx context.Context, socket string) (*net.UnixConn, error) {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	return conn.(*net.UnixConn), nil
}

// plain takes the words of net and os off an error, which would say the socket's path a second time.
func plain(ctx context.Context, err error) error {
	if timeout(err) {
		<-ctx.Done() // only its deadline makes a timeout here, and a dialer may notice that a moment before it does
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		return errno
	}
	return err
}

func timeout(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// absent reports whether an error says that nobody serves the socket: nothing is bound to the path, nothing listens, or
// who did went away with the question in hand.
func absent(err error) bool {
	for _, sign := range []error{syscall.ENOENT, syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, syscall.ENOTCONN, errEmpty} {
		if errors.Is(err, sign) {
			return true
		}
	}
	return false
}

// unsent reports whether an error says that a question never left, so that asking again cannot do a thing twice.
func unsent(err error) bool {
	return errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)
}

// silent reports whether an error says no more than that an answer did not come in time. EAGAIN is connect(2) on a unix
// socket whose backlog is full: somebody listens and does not accept.
func silent(err error) bool {
	return timeout(err) || errors.Is(err, syscall.EAGAIN)
}
