package page

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

// stream is one viewer's connection.
type stream struct {
	w      http.ResponseWriter
	rc     *http.ResponseController
	within time.Duration // for him to take what is sent
}

// events keeps a viewer up to date until he goes, stops reading, or the server ends.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	if !h.hub.join(h.limits.viewers) {
		w.Header().Set("Retry-After", "10")
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer h.hub.leave()
	s := stream{w, http.NewResponseController(w), h.limits.read}
	_ = s.rc.SetReadDeadline(time.Time{}) // the request is here; its deadline would end the context of a long answer
	w.Header().Set("Content-Type", "text/event-stream")
	if !s.send([]byte("retry: 2000\n\n")) {
		return
	}
	beat := time.NewTicker(h.limits.beat)
	defer beat.Stop()
	var seen frame
	for {
		now, changed := h.hub.newest()
		if !s.send(now.since(seen)) {
			return
		}
		seen = now
		select {
		case <-changed:
		case <-beat.C:
			if !s.send(event("beat", []byte(fmt.Sprintf("%q", h.clock().Format(time.RFC3339Nano))))) {
				return
			}
		case <-r.Context().Done():
			return
		case <-h.life.Done():
			return
		}
	}
}

// since is what a viewer has to be told who has seen another frame.
func (f frame) since(seen frame) (text []byte) {
	if !bytes.Equal(f.services, seen.services) {
		text = append(text, event("services", f.services)...)
	}
	if !bytes.Equal(f.view, seen.view) {
		text = append(text, event("view", f.view)...)
	}
	if len(text) > 0 {
		text = append(event("beat", []byte(fmt.Sprintf("%q", f.time.Format(time.RFC3339Nano)))), text...)
	}
	return text
}

// event is one server-sent event. JSON has no newlines that it does not escape.
func event(name string, data []byte) []byte {
	return []byte("event: " + name + "\ndata: " + string(data) + "\n\n")
}

// send writes; false means that the viewer is gone, or has not read for too long.
func (s stream) send(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	if s.rc.SetWriteDeadline(time.Now().Add(s.within)) != nil {
		return false
	}
	if _, err := s.w.Write(text); err != nil {
		return false
	}
	return s.rc.Flush() == nil
}
