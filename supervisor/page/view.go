package page

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Source is what a page is made from.
type Source interface {
	Status(ctx context.Context) (status.Snapshot, error)
	Past() (Past, error)
	News() <-chan struct{} // closed when something happened; ask for it before reading
}

// Past is what the page tells of what was, the newest last.
type Past struct {
	Moments []status.Moment
	Moves   []status.Move
}

// View is what the page shows beside the services. What is to be concluded is concluded here; the browser only draws.
type View struct {
	Cluster   string           `json:"cluster"`
	Node      string           `json:"node"` // the one that tells
	Version   string           `json:"version"`
	Started   time.Time        `json:"started"`
	Tone      Tone             `json:"tone"`
	Headline  string           `json:"headline"`
	Subline   string           `json:"subline"`
	Findings  []status.Finding `json:"findings"`
	Nodes     []Node           `json:"nodes"`
	Instances []Instance       `json:"instances"`
	Checks    []Check          `json:"checks"`
	Change    *Change          `json:"change,omitempty"`
	HAProxy   Daemon           `json:"haproxy"`
	VRRP      Daemon           `json:"keepalived"`
	Moments   []Moment         `json:"moments"` // the newest first
	Moves     []status.Move    `json:"moves"`   // the oldest first
}

// Tone says how something is, whatever the colour.
type Tone string

// The tones.
const (
	Good Tone = "good"
	Warn Tone = "warn"
	Bad  Tone = "bad"
	Mute Tone = "mute" // not known, or of no weight
	Busy Tone = "busy" // under way
)

// Check is one check with its verdict.
type Check struct {
	Name   string    `json:"name"`
	Tone   Tone      `json:"tone"`
	Health string    `json:"health"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since,omitzero"`
	Moves  []string  `json:"moves"`
}

// Daemon is HAProxy or keepalived on this node.
type Daemon struct {
	Tone  Tone      `json:"tone"`
	Words string    `json:"words"`
	Since time.Time `json:"since,omitzero"`
}

// Moment is one line of the timeline.
type Moment struct {
	Time   time.Time   `json:"time"`
	Kind   status.Kind `json:"kind"`
	Tone   Tone        `json:"tone"`
	Text   string      `json:"text"`
	Reason string      `json:"reason,omitempty"`
	By     string      `json:"by,omitempty"`
	More   int         `json:"more,omitempty"`
}

// newView concludes what a browser is to draw.
func newView(s status.Snapshot, p Past) View {
	split := splits(p.Moments)
	v := View{
		Cluster: s.Cluster, Node: s.Node, Version: s.Version, Started: s.Started, Tone: toneOf(s, split), Findings: s.Findings,
		Nodes: nodesOf(s, split), Instances: instancesOf(s, split), Change: changeOf(s), HAProxy: haproxyOf(s.HAProxy), VRRP: daemonOf(s.Keepalived),
		Moves: tail(p.Moves, mostMoves),
	}
	v.Checks, v.Moments = []Check{}, []Moment{}
	v.Headline, v.Subline = headline(s, split), subline(s)
	for _, c := range s.Checks {
		v.Checks = append(v.Checks, Check{c.Name, toneOfHealth(c.Health), c.Health, c.Reason, c.Since, c.Moves})
	}
	recent := tail(p.Moments, mostMoments)
	for i := len(recent) - 1; i >= 0; i-- {
		m := recent[i]
		v.Moments = append(v.Moments, Moment{m.Time, m.Kind, toneOfMoment(m), m.Text, m.Reason, m.By, m.More})
	}
	return v
}

// How much of the past is shown.
const (
	mostMoments = 60
	mostMoves   = 40
)

func tail[T any](all []T, most int) []T { return all[max(0, len(all)-most):] }

func toneOf(s status.Snapshot, split map[string]bool) Tone {
	tone := Good
	for _, f := range s.Findings {
		if f.Severity == status.Failing {
			return Bad
		}
		tone = Warn
	}
	for _, so := range split {
		if so {
			return Bad
		}
	}
	return tone
}

func toneOfHealth(health string) Tone {
	if tone, known := map[string]Tone{"healthy": Good, "in doubt": Warn, "failed": Bad}[health]; known {
		return tone
	}
	return Mute
}

// splits tells of which instances the timeline last said that two nodes have their VIPs.
func splits(ms []status.Moment) map[string]bool {
	split := map[string]bool{}
	for _, m := range ms {
		if m.Kind == status.SplitBrainKind {
			split[m.Subject] = m.Fields["to"] == "true"
		}
	}
	return split
}
