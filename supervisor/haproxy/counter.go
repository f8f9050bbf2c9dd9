package haproxy

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

// Counter counts the servers of backends, again and again. It remembers the numbers that HAProxy has given to backends: a
// question then costs what those backends cost, and not what all of them do. A name would not do: a frontend may have the
// same one, and "show stat NAME" takes the first.
type Counter struct {
	Runtime Runtime

	mu      sync.Mutex
	numbers map[string]int // by backend; guarded by mu
}

// Tally is how many servers of a backend are up, and how many there are.
type Tally struct {
	Up, Total int

	number int // of the backend
}

// together is how many backends one question is about: its line has to fit into tune.bufsize, 16384 bytes or what the admin
// makes of it.
const together = 200

// Count counts the servers of backends. A backend without any is left out.
func (c *Counter) Count(ctx context.Context, backends []string) (map[string]Tally, error) {
	found := map[string]Tally{}
	for some := range slices.Chunk(c.questions(backends), together) {
		tallies, err := c.ask(ctx, strings.Join(some, ";"))
		if err != nil {
			return nil, err
		}
		for backend, tally := range tallies {
			found[backend] = tally
		}
	}
	for _, backend := range backends {
		if _, known := found[backend]; !known { // or a new worker has other numbers
			return c.learn(ctx)
		}
	}
	return found, nil
}

// questions are those about the backends whose numbers are known; about none of them unless all are.
func (c *Counter) questions(backends []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]string, 0, len(backends))
	for _, backend := range backends {
		number, known := c.numbers[backend]
		if !known {
			return nil
		}
		all = append(all, fmt.Sprintf("show stat %d 4 -1", number))
	}
	return all
}

// learn asks for everything, and remembers the numbers.
func (c *Counter) learn(ctx context.Context) (map[string]Tally, error) {
	tallies, err := c.ask(ctx, "show stat -1 4 -1")
	if err != nil {
		return nil, err
	}
	numbers := map[string]int{}
	for backend, tally := range tallies {
		if tally.number > 0 {
			numbers[backend] = tally.number
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.numbers = numbers
	return tallies, nil
}

func (c *Counter) ask(ctx context.Context, question string) (map[string]Tally, error) {
	text, err := ask(ctx, c.Runtime.Socket, question, statLimit)
	if err != nil {
		return nil, err
	}
	return parseTallies(text)
}

// parseTallies reads the answers to one or more "show stat", by the columns that count; iid is the backend's number.
func parseTallies(text string) (map[string]Tally, error) {
	row, reader, err := openStat(text)
	if err != nil {
		return nil, err
	}
	reader.Comment = '#' // the headings of the second and later answers
	tallies := map[string]Tally{}
	for {
		if row.fields, err = reader.Read(); err == io.EOF {
			return tallies, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read HAProxy's statistics: %v", err)
		}
		if row.text("type") != typeServer {
			continue
		}
		t := tallies[row.text("pxname")]
		t.Total, t.number = t.Total+1, row.number("iid")
		if (Server{Status: row.text("status")}).Up() {
			t.Up++
		}
		tallies[row.text("pxname")] = t
	}
}
