package supervisor

import (
	"sync"

	"github.com/lbsup/lbsup/supervisor/status"
)

// desk is where people wait for the change they asked for. The loop never waits for them: a person who does not listen
// misses progress, never the answer.
type desk struct {
	mu      sync.Mutex
	last    int
	waiting map[int]visitor
}

type visitor struct {
	progress chan string
	answer   chan status.Change
}

// progressBacklog is how many lines of progress a slow listener may fall behind.
const progressBacklog = 64

func newDesk() *desk { return &desk{waiting: map[int]visitor{}} }

func (d *desk) arrive() (int, visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	v := visitor{progress: make(chan string, progressBacklog), answer: make(chan status.Change, 1)}
	d.waiting[d.last] = v
	return d.last, v
}

func (d *desk) leave(id int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, id)
}

func (d *desk) progress(id int, text string) {
	if v, ok := d.visitor(id); ok {
		select {
		case v.progress <- text:
		default:
		}
	}
}

func (d *desk) answer(id int, change status.Change) {
	if v, ok := d.visitor(id); ok {
		v.answer <- change // has room for the one answer that there is
		d.leave(id)
	}
}

func (d *desk) visitor(id int) (visitor, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.waiting[id]
	return v, ok
}
