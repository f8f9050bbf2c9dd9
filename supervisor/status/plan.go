package status

// Plan is what a reload would do now.
type Plan struct {
	Problems []Problem   `json:"problems"` // not empty: a reload would be refused
	Effects  []Effect    `json:"effects"`  // empty: nothing would change
	VIPs     []VIPEffect `json:"vips"`     // those that would not stay as they are
	Notes    []string    `json:"notes"`
}

// VIPEffect is what VRRP would do with some VIPs of an instance.
type VIPEffect struct {
	Instance  string     `json:"instance"`
	Addresses []string   `json:"addresses"`
	Outcome   VIPOutcome `json:"outcome"`
	To        string     `json:"to"`       // the node that they move or come to; empty: the one that holds the instance
	Worst     float64    `json:"worst_ms"` // how long that takes at worst, from the moment when the last node has the new file
	Why       string     `json:"why"`
}

// VIPOutcome is what becomes of a VIP.
type VIPOutcome string

// The outcomes of a plan for a VIP.
const (
	VIPMoves VIPOutcome = "moves"
	VIPComes VIPOutcome = "comes"
	VIPGoes  VIPOutcome = "goes"
	VIPTwice VIPOutcome = "twice" // on several nodes for a while
)

// Effect is one thing that a reload would do.
type Effect struct {
	What   string `json:"what"` // "reload HAProxy", "reload keepalived", …
	Reason string `json:"reason"`
}
