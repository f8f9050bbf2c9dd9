package pair

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

const (
	runtimeSocket = "/run/haproxy-lbsup.sock"
	verdictEvery  = 5 * time.Millisecond
	verdictLimit  = 60 * time.Second
)

// Verdict waits until the HAProxy of a node says that a service has no server left, and returns when that was. It asks HAProxy itself, because what it logs is
// lost when journald is slow.
func (p *Pair) Verdict(ctx context.Context, node *lab.Node, service string) (time.Time, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, verdictLimit, errors.New("the time is up"))
	defer cancel()
	// The path leads through the root of a process of the host.
	socket := fmt.Sprintf("/proc/%d/root%s", node.PID(1), runtimeSocket)
	var problem error
	err := await(ctx, verdictEvery, func() bool {
		var down bool
		down, problem = backendDown(ctx, socket, service)
		return down
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("cannot see the verdict on %q of %q: %w", service, node.Name, errors.Join(err, problem))
	}
	return time.Now(), nil
}

func backendDown(ctx context.Context, socket, service string) (bool, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false, err
	}
	if _, err := fmt.Fprintln(conn, "show stat -1 2 -1"); err != nil {
		return false, err
	}
	return statusIs(bufio.NewScanner(conn), service, "DOWN")
}

// statusIs looks for a service's line in HAProxy's table of backends; the columns are named by its first line.
func statusIs(table *bufio.Scanner, service, status string) (bool, error) {
	column := -1
	for table.Scan() {
		fields := strings.Split(table.Text(), ",")
		if column < 0 {
			for i, name := range fields {
				if name == "status" {
					column = i
				}
			}
			continue
		}
		if fields[0] == service && column < len(fields) {
			return fields[column] == status, nil
		}
	}
	if err := table.Err(); err != nil {
		return false, err
	}
	return false, fmt.Errorf("cannot find %q in HAProxy's table", service)
}
