package wire

import (
	"net/netip"
	"time"
)

// Wish is what is to be listened to and asked for. One takes the place of the one before it.
type Wish struct {
	Hear []Ear      `json:"hear"`
	Ask  []Question `json:"ask"`

	// Announce is a number that goes up when the neighbours are to be told that this host has the addresses asked for: after two hosts had one, they
	// may have learnt the other. One that this host does not have is not announced.
	Announce int `json:"announce,omitempty"`

	// Often asks for a report each Period, news or not: while somebody decides by how long a voice has been silent.
	Often bool `json:"often,omitempty"`
}

// Ear is a link, with the family and the kind of adverts that are expected on it. Below the firewall all of them are heard.
type Ear struct {
	Link          string `json:"link"`
	IPv6          bool   `json:"ipv6,omitempty"`
	Authenticated bool   `json:"authenticated,omitempty"`
}

// Question is an address that is asked for again and again on a link.
type Question struct {
	Link    string     `json:"link"`
	Address netip.Addr `json:"address"`
}

// Report is what was heard since the last one. One comes within a Period of what is new, and at least each Heartbeat, if only to say that somebody
// listens.
type Report struct {
	Voices   []Voice           `json:"voices,omitempty"`
	Claims   []Claim           `json:"claims,omitempty"`
	Problems map[string]string `json:"problems,omitempty"` // by link: why nothing is heard there
	More     bool              `json:"more,omitempty"`     // there was more than a report takes
}

// Voice is who sent adverts of one router ID on a link, with what the last of them says.
type Voice struct {
	Link      string        `json:"link"`
	RouterID  int           `json:"router_id"`
	Source    netip.Addr    `json:"source"`
	Sent      bool          `json:"sent,omitempty"` // by this host
	Hardware  string        `json:"hardware,omitempty"`
	Priority  int           `json:"priority"`
	Interval  time.Duration `json:"interval"`
	Addresses []netip.Addr  `json:"addresses,omitempty"`
	Passed    bool          `json:"passed,omitempty"` // one of them came through the firewall
}

// Claim is a host other than this one that said on a link that it has an address.
type Claim struct {
	Link     string     `json:"link"`
	Address  netip.Addr `json:"address"`
	Hardware string     `json:"hardware"`
}

// Period is the time from one look at what was heard to the next.
const Period = 250 * time.Millisecond

// What a report takes at most: on a link full of forged adverts it stays small.
const (
	mostVoices    = 64
	mostClaims    = 64
	mostAddresses = 20 // as many as an instance of ours has
)
