package reload

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

const streamPort = ":6443"

// talk keeps one connection through a service in TCP mode and says something over it now and then. What is sent is a request only because the server
// behind it answers requests; HAProxy does not look at it. A connection that broke counts once and is replaced.
func (l *load) talk(ctx context.Context, first time.Duration) {
	var c *conversation
	for delay := first; pause(ctx, delay); delay = longPause {
		var err error
		if c == nil {
			c, err = l.converse(ctx)
		}
		if err == nil {
			err = c.exchange()
		}
		if ctx.Err() != nil {
			break // the end of the load is no failure
		}
		l.add(long, err)
		if err != nil && c != nil {
			c.conn.Close()
			c = nil
		}
	}
	if c != nil {
		c.conn.Close()
	}
}

// conversation is a connection with what has been read of it.
type conversation struct {
	conn   net.Conn
	reader *bufio.Reader
}

func (l *load) converse(ctx context.Context) (*conversation, error) {
	conn, err := l.dial(ctx, "tcp", l.address+streamPort)
	if err != nil {
		return nil, err
	}
	return &conversation{conn, bufio.NewReader(conn)}, nil
}

func (c *conversation) exchange() error {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c.conn, "GET / HTTP/1.1\r\nHost: bench\r\n\r\n"); err != nil {
		return err
	}
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	if err == nil && response.Close {
		err = errors.New("the server ends the conversation")
	}
	return err
}
