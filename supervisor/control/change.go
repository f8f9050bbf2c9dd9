package control

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// change asks the backend for a change and tells the client how it goes.
func (s *server) change(w http.ResponseWriter, r *http.Request) {
	p, ok := asker(r)
	if !ok || !rightsOf(p, s.changers).change {
		refuse(w, http.StatusForbidden, Error{
			Message: "cannot change anything for user " + p.name() + ": it is neither root nor in group " + Changers,
			Hint:    "use sudo, or add the user to group " + Changers + " and log in again",
		})
		return
	}
	req, err := readRequest(http.MaxBytesReader(w, r.Body, s.limits.body))
	if err != nil {
		refuse(w, http.StatusBadRequest, Error{Message: err.Error()})
		return
	}
	req.By = p.name()
	s.follow(w, s.start(req))
}

func readRequest(body io.Reader) (Request, error) {
	var req Request
	d := json.NewDecoder(body)
	d.DisallowUnknownFields()
	if err := d.Decode(&req); err != nil {
		return req, &Error{Message: "cannot read the request: " + err.Error()}
	}
	if _, err := d.Token(); err != io.EOF {
		return req, &Error{Message: "cannot read the request: want one JSON object and nothing after it"}
	}
	return req, req.Validate()
}

// under is a change under way.
type under struct {
	progress chan string
	end      chan line // closed without one where the supervisor ended first
}

// start begins the change in a goroutine of its own: a client that goes away does not take it along.
func (s *server) start(req Request) under {
	u := under{progress: make(chan string, 64), end: make(chan line, 1)}
	tell := func(text string) {
		select {
		case u.progress <- text:
		default: // the client reads slowly: it misses a line of progress and the change waits for nobody
		}
	}
	s.changes.Go(func() {
		defer close(u.end)
		change, err := s.backend.Change(s.life, req, tell)
		if err == nil || s.life.Err() == nil { // else the next supervisor goes on with it, and the client asks that one
			u.end <- lastLine(change, err)
		}
	})
	return u
}

func lastLine(c status.Change, err error) line {
	if err != nil {
		return line{Error: err.Error()}
	}
	return line{Change: &c}
}

// follow writes the lines of a change until its end, or until the client stops reading.
func (s *server) follow(w http.ResponseWriter, u under) {
	w.Header().Set("Content-Type", "application/jsonl")
	out := stream{w: w, rc: http.NewResponseController(w), within: s.limits.read}
	if !out.send(nil) { // the header goes at once: the client sees that it was heard
		return
	}
	for {
		select {
		case text := <-u.progress:
			if !out.line(line{Progress: text}) {
				return
			}
		case last, ended := <-u.end:
			for len(u.progress) > 0 {
				out.line(line{Progress: <-u.progress})
			}
			if ended {
				out.line(last)
			}
			return
		}
	}
}

// stream writes lines to a client, each with its own deadline: a change may take minutes, a line may not.
type stream struct {
	w      http.ResponseWriter
	rc     *http.ResponseController
	within time.Duration
}

func (s stream) line(l line) bool {
	text, err := json.Marshal(l)
	return err == nil && s.send(append(text, '\n'))
}

func (s stream) send(text []byte) bool {
	if s.rc.SetWriteDeadline(time.Now().Add(s.within)) != nil {
		return false
	}
	if _, err := s.w.Write(text); err != nil {
		return false
	}
	return s.rc.Flush() == nil
}

// inOneLine is for progress: a line break in it would be one in a terminal.
func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
