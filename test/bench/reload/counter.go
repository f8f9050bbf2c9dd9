package reload

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// kind is one sort of traffic.
type kind string

const (
	fresh  kind = "requests on new connections"
	kept   kind = "requests on kept connections, HTTP/1.1"
	keptH2 kind = "requests on kept connections, HTTP/2 over TLS"
	long   kind = "long-lived TCP connections"
)

var kinds = []kind{fresh, kept, keptH2, long}

// tally is how often something went well, and how often not.
type tally struct{ sent, failed int }

// counter counts from several goroutines.
type counter struct {
	mu      sync.Mutex
	tallies map[kind]tally
	reasons map[string]bool
}

func newCounter() *counter { return &counter{tallies: map[kind]tally{}, reasons: map[string]bool{}} }

// atMost is how many different reasons are kept.
const atMost = 20

func (c *counter) add(k kind, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.tallies[k]
	t.sent++
	if err != nil {
		t.failed++
		if len(c.reasons) < atMost {
			c.reasons[string(k)+": "+withoutPorts(err.Error())] = true
		}
	}
	c.tallies[k] = t
}

func (c *counter) now() map[kind]tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.tallies)
}

func (c *counter) why() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.reasons))
}

// withoutPorts takes the client's own port out of "read tcp 172.18.0.200:40000->172.18.100.100:80: …", so that one reason is told once.
func withoutPorts(text string) string {
	before, rest, ok := strings.Cut(text, "->")
	if !ok {
		return text
	}
	colon := strings.LastIndexByte(before, ':')
	if colon < 0 {
		return text
	}
	return before[:colon] + "->" + rest
}
