package page

import (
	"context"
	"net/http"
	"time"
)

// limits is what viewers may cost.
type limits struct {
	viewers       int           // open pages
	total, share  int           // connections: of all, of one address
	header        int           // bytes of a request's header
	ask, idle     time.Duration // to send a request; between two
	read          time.Duration // to take an answer, or an event
	beat          time.Duration // between two signs of life on an open page
	retry, notice time.Duration // between two tries to listen; between two looks at the certificate
}

var usual = limits{
	viewers: 32, total: 128, share: 48, header: 8 << 10, ask: 5 * time.Second, idle: 30 * time.Second, read: 10 * time.Second,
	beat: 4 * time.Second, retry: 5 * time.Second, notice: time.Minute,
}

// handler answers three questions and no others.
type handler struct {
	hub    *hub
	limits limits
	life   context.Context // open pages end with it
	clock  func() time.Time
}

func (h *handler) routes(n names, metrics http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.page)
	mux.HandleFunc("GET /events", h.events)
	mux.Handle("GET /metrics", metrics)
	return guarded(n.only(mux))
}

func (h *handler) page(w http.ResponseWriter, _ *http.Request) {
	d := document()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", d.policy)
	_, _ = w.Write(d.text) // who hangs up sees nothing
}

// guarded says for every answer what a browser may do with it, which is little.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"Cache-Control":                "no-store",
			"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
		} {
			w.Header().Set(name, value)
		}
		r.Body = http.MaxBytesReader(w, r.Body, 0)
		next.ServeHTTP(w, r)
	})
}
