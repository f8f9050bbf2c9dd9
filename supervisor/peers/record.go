package peers

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// What one node tells another of its timeline: enough for an hour in which much went wrong.
const (
	largestRecord = 512 << 10
	mostMoments   = 1000
	mostFields    = 16
)

// writeRecord makes the text of a record. Of what is too much the oldest is left out.
func writeRecord(r status.Record) ([]byte, error) {
	r.Protocol = status.PeerProtocol
	for {
		if over := len(r.Moments) - mostMoments; over > 0 {
			r.Moments, r.Cut = r.Moments[over:], true
		}
		text, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("cannot tell peers of the timeline: %w", err)
		}
		if len(text) < largestRecord || len(r.Moments) == 0 {
			return append(text, '\n'), nil
		}
		r.Moments, r.Cut = r.Moments[(len(r.Moments)+1)/2:], true
	}
}

// readRecord takes what a peer tells of a span of its time. What is outside of the span was not asked for.
func readRecord(from io.Reader, peer string, s span) (status.Record, error) {
	var r status.Record
	if err := decode(from, largestRecord, &r); err != nil {
		return status.Record{}, err
	}
	r.Node, r.Cluster = short(r.Node), short(r.Cluster)
	r.Moments = slices.DeleteFunc(r.Moments, func(m status.Moment) bool { return m.Kind == "" || !s.has(m.Time) })
	if over := len(r.Moments) - mostMoments; over > 0 {
		r.Moments, r.Cut = r.Moments[over:], true
	}
	for i := range r.Moments {
		tidyMoment(&r.Moments[i])
		r.Moments[i].Node = peer // it speaks for nobody else
	}
	slices.SortStableFunc(r.Moments, func(a, b status.Moment) int { return a.Time.Compare(b.Time) })
	return r, nil
}

func tidyMoment(m *status.Moment) {
	m.Kind = status.Kind(short(string(m.Kind)))
	m.Subject, m.By = short(m.Subject), short(m.By)
	m.Text, m.Reason = checks.Line(m.Text), checks.Line(m.Reason)
	m.More = max(0, m.More)
	fields := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(m.Fields)) {
		if len(fields) < mostFields {
			fields[short(name)] = short(m.Fields[name])
		}
	}
	m.Fields = nil
	if len(fields) > 0 {
		m.Fields = fields
	}
}

// span is a part of one node's time. A zero end is open.
type span struct{ from, to time.Time }

func (s span) has(t time.Time) bool {
	return !t.IsZero() && !t.Before(s.from) && (s.to.IsZero() || !t.After(s.to))
}

// by is the span by a clock that is ahead.
func (s span) by(ahead time.Duration) span {
	for _, end := range []*time.Time{&s.from, &s.to} {
		if !end.IsZero() {
			*end = end.Add(ahead)
		}
	}
	return s
}
