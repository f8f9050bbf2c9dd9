package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// How often what is shown is looked at again, while somebody watches; nobody is asked anything while nobody does.
const (
	again  = 3 * time.Second        // for what HAProxy alone knows: with two thousand servers each look is 15 ms of a core
	settle = 100 * time.Millisecond // things seldom come alone
)

// hub makes frames for all viewers together. What a viewer costs is his connection: he reads the newest frame, and misses
// those that came while he was slow.
type hub struct {
	source  Source
	arrived chan struct{} // somebody came, and nobody was there

	mu      sync.Mutex
	viewers int
	frame   frame
	changed chan struct{} // closed when frame is another
}

// frame is what there is to be seen. A part is sent again when its text is another.
type frame struct {
	view, services []byte
	time           time.Time
}

func newHub(s Source) *hub {
	return &hub{source: s, arrived: make(chan struct{}, 1), changed: make(chan struct{})}
}

// join lets a viewer in, if there is room.
func (h *hub) join(most int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.viewers >= most {
		return false
	}
	if h.viewers++; h.viewers == 1 {
		h.frame = frame{} // what was shown to those before is old
		select {
		case h.arrived <- struct{}{}:
		default:
		}
	}
	return true
}

func (h *hub) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.viewers--
}

func (h *hub) watched() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.viewers
}

// newest returns what there is to be seen, and what is closed when that changes.
func (h *hub) newest() (frame, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.frame, h.changed
}

// run makes frames until ctx ends.
func (h *hub) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.arrived:
		}
		for h.watched() > 0 && h.turn(ctx) {
		}
	}
}

// turn makes one frame and waits until it is time for the next; false when there is none.
func (h *hub) turn(ctx context.Context) bool {
	news := h.source.News()
	if f, err := h.look(ctx); err == nil { // else the page shows what it last knew, and how old that is
		h.show(f)
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(settle):
	}
	select {
	case <-ctx.Done():
		return false
	case <-news:
	case <-h.arrived:
	case <-time.After(again - settle):
	}
	return true
}

func (h *hub) look(ctx context.Context) (frame, error) {
	snap, err := h.source.Status(ctx)
	if err != nil {
		return frame{}, fmt.Errorf("cannot show the node: %w", err)
	}
	past, err := h.source.Past()
	if err != nil {
		past = Past{} // what is counts more than what was
	}
	f := frame{time: snap.Time}
	if f.view, err = json.Marshal(newView(snap, past)); err != nil {
		return frame{}, fmt.Errorf("cannot show the node: %w", err)
	}
	if f.services, err = json.Marshal(servicesOf(snap.Services)); err != nil {
		return frame{}, fmt.Errorf("cannot show the services: %w", err)
	}
	return f, nil
}

func (h *hub) show(f frame) {
	h.mu.Lock()
	defer h.mu.Unlock()
	same := bytes.Equal(f.view, h.frame.view) && bytes.Equal(f.services, h.frame.services)
	h.frame = f
	if !same {
		close(h.changed)
		h.changed = make(chan struct{})
	}
}
