package status

import "time"

// Peer is another node of the cluster: what it last told of itself, and how that was heard.
type Peer struct {
	Node    string    `json:"node"`
	Address string    `json:"address"`
	Heard   time.Time `json:"heard,omitzero"`    // when it last answered; zero: never since lbsup started
	Trouble string    `json:"trouble,omitempty"` // why it does not answer; empty: it does, or was not asked yet
	Since   time.Time `json:"since,omitzero"`    // since when it answers, or does not
	Skew    float64   `json:"clock_skew_seconds"`
	Within  float64   `json:"clock_skew_within_seconds"` // how far off Skew may be: half of how long the answer took
	Summary *Summary  `json:"summary"`                   // null: it has told nothing yet
}

// Summary is the little that a node tells its peers of itself. Keys are added and never change their meaning; one that is
// not known is no mistake.
type Summary struct {
	Protocol    int            `json:"protocol"`
	Cluster     string         `json:"cluster"`
	Node        string         `json:"node"`
	Version     string         `json:"version"`
	Time        time.Time      `json:"time"` // by its own clock, when it answered
	Started     time.Time      `json:"started"`
	Well        bool           `json:"well"`
	Findings    int            `json:"findings"`
	Finding     string         `json:"finding,omitempty"` // the worst of them
	Instances   []PeerInstance `json:"instances"`
	Checks      []PeerCheck    `json:"checks"`
	HAProxy     string         `json:"haproxy"`    // what systemd says of its unit
	Keepalived  string         `json:"keepalived"` // the same
	Generation  int            `json:"generation"`
	Installed   time.Time      `json:"installed"`
	ClusterFile string         `json:"cluster_file"` // digest of the cluster file that this generation was made from
	Edited      bool           `json:"edited"`       // its cluster file is not that one
}

// PeerInstance is a VRRP instance on another node.
type PeerInstance struct {
	Name     string    `json:"name"`
	State    string    `json:"state"`
	Since    time.Time `json:"since"`
	Priority int       `json:"priority"`
	Here     bool      `json:"here"` // its kernel has every VIP
}

// PeerCheck is a check on another node.
type PeerCheck struct {
	Name   string `json:"name"`
	Health string `json:"health"`
	Reason string `json:"reason"`
}

// PeerProtocol is the version of the exchange that this lbsup speaks.
const PeerProtocol = 1

// Differs tells since when this node and a peer have different cluster files, and which of them has the older one; "" when
// they have the same, or nothing is known.
func (s Snapshot) Differs(p Peer) (since time.Time, behind string) {
	own, other := s.Generation, p.Summary
	if other == nil || own.ClusterFile == "" || other.ClusterFile == "" || own.ClusterFile == other.ClusterFile {
		return time.Time{}, ""
	}
	theirs := other.Installed.Add(-time.Duration(p.Skew * float64(time.Second))) // by this node's clock
	if theirs.Before(own.Installed) {
		return own.Installed, p.Node
	}
	return theirs, s.Node
}
