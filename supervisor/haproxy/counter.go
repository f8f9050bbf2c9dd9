package haproxy

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// Counter counts the servers of backends, again and again. It remembers the number that HAProxy has given to a backend: a
// question then costs what one backend costs, and not what all of them do. A name would not do: a frontend may have the
// same one, and "show stat NAME" takes the first.
type Counter struct {
	Runtime Runtime

	mu      sync.Mutex
	numbers map[string]int // by backend; guarded by mu
}

// Up counts the servers of a backend that are up, and all of them.
func (c *Counter) Up(ctx context.Context, backend string) (up, total int, err error) {
	if number, known := c.number(backend); known {
		text, err := ask(ctx, c.Runtime.Socket, fmt.Sprintf("show stat %d 4 -1", number), statLimit)
		if err != nil {
			return 0, 0, err
		}
		stat, err := ParseStat(text)
		if err != nil {
			return 0, 0, err
		}
		if up, total = count(stat.Servers, backend); total > 0 {
			return up, total, nil
		}
	}
	return c.learn(ctx, backend) // it is not known, or a new worker has other numbers
}

func (c *Counter) number(backend string) (number int, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	number, known = c.numbers[backend]
	return number, known
}

// learn asks for everything, and remembers the numbers.
func (c *Counter) learn(ctx context.Context, backend string) (up, total int, err error) {
	text, err := ask(ctx, c.Runtime.Socket, "show stat -1 4 -1", statLimit)
	if err != nil {
		return 0, 0, err
	}
	stat, err := ParseStat(text)
	if err != nil {
		return 0, 0, err
	}
	numbers, err := parseNumbers(text)
	if err != nil {
		return 0, 0, err
	}
	c.mu.Lock()
	c.numbers = numbers
	c.mu.Unlock()
	return counted(stat.Servers, backend)
}

// parseNumbers reads the column iid of "show stat".
func parseNumbers(text string) (map[string]int, error) {
	row, reader, err := openStat(text)
	if err != nil {
		return nil, err
	}
	numbers := map[string]int{}
	for {
		if row.fields, err = reader.Read(); err == io.EOF {
			return numbers, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read HAProxy's statistics: %v", err)
		}
		if number := row.number("iid"); number > 0 {
			numbers[row.text("pxname")] = number
		}
	}
}

func counted(servers []Server, backend string) (up, total int, err error) {
	if up, total = count(servers, backend); total == 0 {
		return 0, 0, fmt.Errorf("cannot count the servers of backend %q: HAProxy has no server in it", backend)
	}
	return up, total, nil
}

func count(servers []Server, backend string) (up, total int) {
	for _, server := range servers {
		if server.Backend != backend {
			continue
		}
		total++
		if server.Up() {
			up++
		}
	}
	return up, total
}
