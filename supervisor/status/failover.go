package status

// Failover is what becomes of the VIPs of a cluster when something dies, worked out from its file alone.
type Failover struct {
	Cluster   string             `json:"cluster"`
	Instances []FailoverInstance `json:"instances"`
	Warnings  []Advice           `json:"warnings"`
	RuledOut  []string           `json:"ruled_out"` // mistakes of hand-written pairs that this one cannot have
}

// FailoverInstance is the failover of one VRRP instance.
type FailoverInstance struct {
	Name   string         `json:"name"`
	Holder string         `json:"holder"`
	Next   string         `json:"next"` // empty: there is no other node
	Return string         `json:"return"`
	Cases  []FailoverCase `json:"cases"`
}

// FailoverCase is one thing that can die on the node that has the VIPs.
type FailoverCase struct {
	Name      string         `json:"name"`
	What      string         `json:"what"`
	NoticedBy string         `json:"noticed_by"`
	Outcome   string         `json:"outcome"`    // moves, stays, lost
	TakesOver string         `json:"takes_over"` // empty unless the VIPs move
	Worst     float64        `json:"worst_ms"`
	Terms     []FailoverTerm `json:"terms"`
	Formula   string         `json:"formula"`
	Note      string         `json:"note,omitempty"`
}

// FailoverTerm is a part of a worst case.
type FailoverTerm struct {
	What string  `json:"what"`
	Took float64 `json:"ms"`
}

// Advice is something that is allowed and worth a second thought.
type Advice struct {
	Where string `json:"where"`
	What  string `json:"what"`
	Hint  string `json:"hint"`
}
