package control

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// The questions about the timeline.
const (
	pathEvents = "/v1/events"
	pathWhy    = "/v1/why"
)

// Chronicle is a Backend that also keeps a timeline.
type Chronicle interface {
	// Events tells what is on record, oldest first, and goes on with what happens until ctx ends if that is asked for.
	// tell may take its time.
	Events(ctx context.Context, q Past, tell func([]status.Moment) error) error
	// Why answers about a VIP, an instance or a check in a span of time.
	Why(ctx context.Context, w Why) (status.Account, error)
}

// Past asks for events.
type Past struct {
	Since  time.Time
	Kinds  []status.Kind // none: all
	Follow bool
	Here   bool // of this node alone
}

// Why asks why something is as it is, or became so between two moments.
type Why struct {
	About    string // empty: the instance that moved last
	From, To time.Time
}

// eventLine is one line of the answer to Events.
type eventLine struct {
	Moment *status.Moment `json:"moment,omitempty"`
	Error  string         `json:"error,omitempty"`
}

func (p Past) values() url.Values {
	v := url.Values{}
	setTime(v, "since", p.Since)
	for _, k := range p.Kinds {
		v.Add("kind", string(k))
	}
	if p.Follow {
		v.Set("follow", "yes")
	}
	if p.Here {
		v.Set("here", "yes")
	}
	return v
}

func pastOf(v url.Values) (p Past, err error) {
	p.Since, err = timeOf(v, "since")
	for _, k := range v["kind"] {
		p.Kinds = append(p.Kinds, status.Kind(k))
	}
	p.Follow, p.Here = v.Get("follow") == "yes", v.Get("here") == "yes"
	return p, err
}

func (w Why) values() url.Values {
	v := url.Values{}
	if w.About != "" {
		v.Set("about", w.About)
	}
	setTime(v, "from", w.From)
	setTime(v, "to", w.To)
	return v
}

func whyOf(v url.Values) (w Why, err error) {
	w.About = v.Get("about")
	if w.From, err = timeOf(v, "from"); err != nil {
		return w, err
	}
	w.To, err = timeOf(v, "to")
	return w, err
}

func setTime(v url.Values, key string, t time.Time) {
	if !t.IsZero() {
		v.Set(key, t.Format(time.RFC3339Nano))
	}
}

func timeOf(v url.Values, key string) (time.Time, error) {
	if v.Get(key) == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, v.Get(key))
	if err != nil {
		return t, fmt.Errorf("cannot read %s of the question: got %q, want a time as in 2026-01-02T02:13:00Z", key, v.Get(key))
	}
	return t, nil
}

// chronicle answers the questions about the timeline.
func (s *server) chronicle(mux *http.ServeMux, c Chronicle) {
	mux.HandleFunc("GET "+pathWhy, func(w http.ResponseWriter, r *http.Request) {
		ask, err := whyOf(r.URL.Query())
		if err != nil {
			refuse(w, http.StatusBadRequest, Error{Message: err.Error()})
			return
		}
		s.look(func(ctx context.Context) (any, error) { return c.Why(ctx, ask) })(w, r)
	})
	mux.HandleFunc("GET "+pathEvents, func(w http.ResponseWriter, r *http.Request) {
		p, known := asker(r)
		if !known || !rightsOf(p, s.changers).look {
			refuse(w, http.StatusForbidden, Error{Message: "cannot answer: it is not known who asks"})
			return
		}
		past, err := pastOf(r.URL.Query())
		if err != nil {
			refuse(w, http.StatusBadRequest, Error{Message: err.Error()})
			return
		}
		s.events(w, r, c, past)
	})
}

// events writes one line for each moment. A client that does not read is hung up on; the record does not wait for it.
func (s *server) events(w http.ResponseWriter, r *http.Request, c Chronicle, past Past) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	out := stream{w: w, rc: http.NewResponseController(w), within: s.limits.read}
	_ = out.rc.SetReadDeadline(time.Time{}) // the request is here; its deadline would end the context of a long answer
	w.Header().Set("Content-Type", "application/jsonl")
	if !out.send(nil) {
		return
	}
	err := c.Events(ctx, past, func(ms []status.Moment) error { return out.moments(ms) })
	if err != nil && ctx.Err() == nil {
		out.moment(eventLine{Error: err.Error()})
	}
}
