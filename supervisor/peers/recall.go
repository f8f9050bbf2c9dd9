package peers

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Recall returns what this node has on record of a span of time: of more moments than so many the newest, and whether
// older ones were left out. A zero end of the span is open.
type Recall func(from, to time.Time, most int) (ms []status.Moment, cut bool, err error)

// records answers who asks for the timeline. To read it costs more than to tell how this node is: one is answered after
// the other, with a pause between them, however often peers ask.
func (a *answers) records(turn chan struct{}) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := spanOf(r.URL.Query())
		if err != nil {
			http.Error(w, "cannot read the span", http.StatusBadRequest)
			return
		}
		select {
		case turn <- struct{}{}:
		case <-r.Context().Done():
			return
		}
		text, err := a.record(s)
		time.AfterFunc(freshness, func() { <-turn })
		if err != nil {
			http.Error(w, "cannot tell", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}
}

func (a *answers) record(s span) ([]byte, error) {
	ms, cut, err := a.recall(s.from, s.to, mostMoments)
	if err != nil {
		return nil, err
	}
	self := a.newest()
	return writeRecord(status.Record{Cluster: self.Cluster, Node: self.Node, Moments: ms, Cut: cut})
}

// Recall asks every peer what it has on record of a span of this node's time. A peer that is known not to answer is not
// waited for again.
func (x *Exchange) Recall(ctx context.Context, from, to time.Time) []status.Recalled {
	x.mu.Lock()
	id, peers := x.id, append([]status.Peer(nil), x.peers...)
	x.mu.Unlock()
	if id == nil {
		return nil
	}
	select {
	case x.asking <- struct{}{}:
		defer func() { <-x.asking }()
	case <-ctx.Done():
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	all := make([]status.Recalled, len(peers))
	var each sync.WaitGroup
	for i, p := range peers {
		each.Go(func() { all[i] = recalled(ctx, id, i, p, span{from, to}) })
	}
	each.Wait()
	return all
}

func recalled(ctx context.Context, id *identity, i int, p status.Peer, s span) status.Recalled {
	out := status.Recalled{Node: p.Node, Trouble: p.Trouble, Ahead: seconds(p.Skew), Within: seconds(p.Within)}
	if p.Trouble != "" {
		return out
	}
	q := newQuestion(id, id.settings.Peers[i])
	defer q.forget()
	r, err := q.record(ctx, s.by(out.Ahead))
	if err != nil {
		out.Trouble = words(err)
		return out
	}
	out.Moments, out.Cut = r.Moments, r.Cut
	return out
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

func (s span) values() url.Values {
	v := url.Values{}
	for name, t := range map[string]time.Time{"from": s.from, "to": s.to} {
		if !t.IsZero() {
			v.Set(name, t.UTC().Format(time.RFC3339Nano))
		}
	}
	return v
}

func spanOf(v url.Values) (s span, err error) {
	for name, t := range map[string]*time.Time{"from": &s.from, "to": &s.to} {
		if text := v.Get(name); text != "" && err == nil {
			*t, err = time.Parse(time.RFC3339Nano, text)
		}
	}
	return s, err
}
