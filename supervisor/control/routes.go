package control

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathStatus, s.look(func(ctx context.Context) (any, error) { return s.backend.Status(ctx) }))
	mux.HandleFunc("GET "+pathPlan, s.look(func(ctx context.Context) (any, error) { return s.backend.Plan(ctx) }))
	mux.HandleFunc("GET "+pathHistory, s.look(func(ctx context.Context) (any, error) { return s.backend.History(ctx) }))
	mux.HandleFunc("POST "+pathChange, s.change)
	if c, ok := s.backend.(Chronicle); ok {
		s.chronicle(mux, c)
	}
	return mux
}

// look answers a question that changes nothing.
func (s *server) look(ask func(context.Context) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := asker(r)
		if !ok || !rightsOf(p, s.changers).look {
			refuse(w, http.StatusForbidden, Error{Message: "cannot answer: it is not known who asks"})
			return
		}
		rc := http.NewResponseController(w)
		_ = rc.SetReadDeadline(time.Time{}) // the request is here; its deadline would end the context of a long answer
		answer, err := ask(r.Context())
		_ = rc.SetWriteDeadline(time.Now().Add(s.limits.read))
		if err != nil {
			refuse(w, http.StatusServiceUnavailable, Error{Message: err.Error()})
			return
		}
		reply(w, http.StatusOK, answer)
	}
}

func refuse(w http.ResponseWriter, code int, e Error) { reply(w, code, e) }

func reply(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		code, text = http.StatusInternalServerError, []byte(`{"error":"cannot write the answer as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(append(text, '\n')) // a client that is gone needs no answer
}
