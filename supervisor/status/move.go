package status

import "time"

// Move is one coming or going of the VIPs of an instance, as one node saw it.
type Move struct {
	Time     time.Time `json:"time"` // when the VIPs had moved
	Instance string    `json:"instance"`
	Here     bool      `json:"here"` // they came to this node
	Known    bool      `json:"known"`
	Took     float64   `json:"took_seconds"` // since the first sign on this node, if that is known
	Cause    string    `json:"cause"`        // the first sign; empty: none was seen here
}
