package notify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

// News is what somebody is told. Its JSON form is what a webhook gets; keys are added and never change.
type News struct {
	Version int                `json:"version"`
	Event   cluster.Occurrence `json:"event"`
	Cluster string             `json:"cluster"`
	Node    string             `json:"node"`
	Time    time.Time          `json:"time"`
	Subject string             `json:"subject"` // the VRRP instance, or what was asked for
	Text    string             `json:"text"`
	Reason  string             `json:"reason"`
	By      string             `json:"by"`
	Fields  map[string]string  `json:"fields"` // the same for programs: from, to, outcome, generation, …
}

// occurrence is what a moment of the timeline is to those who want to be told.
func occurrence(m status.Moment) (cluster.Occurrence, bool) {
	switch m.Kind {
	case status.RoleKind:
		return cluster.Transition, true
	case status.ChangeKind:
		outcome := status.Outcome(m.Fields["outcome"])
		return cluster.FailedChange, outcome != "" && !outcome.Good()
	case status.SplitBrainKind:
		return cluster.SplitBrain, true // its end, too
	default:
		return "", false
	}
}

func newsOf(of cluster.Occurrence, clusterName string, m status.Moment) News {
	n := News{Version: 1, Event: of, Cluster: clusterName, Node: m.Node, Time: m.Time, Subject: checks.Line(m.Subject),
		Text: checks.Line(m.Text), Reason: checks.Line(m.Reason), By: checks.Line(m.By), Fields: map[string]string{}}
	for name, value := range m.Fields {
		n.Fields[name] = checks.Line(value)
	}
	return n
}

// environment is the news as a program gets it. Values are single lines, so that a careless one is not led astray.
func (n News) environment() []string {
	all := map[string]string{
		"EVENT": string(n.Event), "CLUSTER": n.Cluster, "NODE": n.Node, "TIME": n.Time.Format(time.RFC3339Nano),
		"SUBJECT": n.Subject, "TEXT": n.Text, "REASON": n.Reason, "BY": n.By,
	}
	for name, value := range n.Fields {
		all[strings.ToUpper(name)] = value
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, "LBSUP_"+name+"="+all[name])
	}
	return out
}

func (n News) body() ([]byte, error) {
	text, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("cannot write the news: %w", err)
	}
	return append(text, '\n'), nil
}
