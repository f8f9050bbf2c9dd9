package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// patience is how long a person waits without a word.
const patience = 2 * time.Second

// progress tells a person at a terminal what is going on, once it has taken longer than his patience. What ends
// sooner stays silent.
type progress struct {
	out io.Writer

	mu    sync.Mutex
	last  string
	loud  bool
	timer *time.Timer
}

// progress begins to be told things. Call done at the end.
func (p *program) progress() *progress {
	if columns, _ := window(p.stderr); columns == 0 {
		return newProgress(io.Discard)
	}
	return newProgress(p.stderr)
}

func newProgress(out io.Writer) *progress {
	g := &progress{out: out}
	g.timer = time.AfterFunc(patience, g.speak)
	return g
}

func (g *progress) speak() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loud = true
	g.print()
}

func (g *progress) print() {
	if g.loud && g.last != "" {
		_, _ = fmt.Fprintf(g.out, "%s ...\n", g.last)
	}
}

// tell takes the next thing that is going on.
func (g *progress) tell(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = text
	g.print()
}

func (g *progress) done() {
	g.timer.Stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loud, g.last = false, ""
}
