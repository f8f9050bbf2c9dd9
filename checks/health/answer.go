package health

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/board"
)

// answer knows two questions: /check for all checks as JSON, and /check/NAME for one as a status and a line of reason.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	name, one := strings.CutPrefix(r.URL.Path, "/check/")
	switch {
	case !one && r.URL.Path != "/check":
		line(w, http.StatusNotFound, "ask for /check or /check/NAME")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		line(w, http.StatusMethodNotAllowed, "ask with GET or HEAD")
	case one:
		s.one(w, r, name)
	default:
		s.all(w)
	}
}

func (s *Server) one(w http.ResponseWriter, r *http.Request, name string) {
	a := s.Board.Answer(name, s.Now())
	if a.Known && s.Asked != nil {
		s.Asked(Question{Check: a.Name, Agent: r.UserAgent(), User: userIn(r.Context())})
	}
	switch {
	case !a.Known:
		line(w, http.StatusNotFound, a.Verdict.Reason)
	case a.Healthy:
		line(w, http.StatusOK, said(a))
	default:
		line(w, http.StatusServiceUnavailable, said(a))
	}
}

func said(a board.Answer) string { return fmt.Sprintf("%v: %s", a.Verdict.Health, a.Verdict.Reason) }

func line(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, checks.Line(text)+"\n") // who hangs up gets no answer
}

// entry is one check in the answer to /check.
type entry struct {
	Check   string    `json:"check"`
	Healthy bool      `json:"healthy"`
	Health  string    `json:"health"`
	Reason  string    `json:"reason"`
	Since   time.Time `json:"since,omitzero"`
	At      time.Time `json:"at,omitzero"`
}

func (s *Server) all(w http.ResponseWriter) {
	entries := []entry{} // an empty array, never null
	for _, a := range s.Board.All(s.Now()) {
		entries = append(entries, entry{
			Check: a.Name, Healthy: a.Healthy, Health: a.Verdict.Health.String(),
			Reason: checks.Line(a.Verdict.Reason), Since: a.Verdict.Since, At: a.Verdict.At,
		})
	}
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(entries) // who hangs up gets no answer
}
