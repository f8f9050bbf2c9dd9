package state

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// WireSeen is what lbsup-wire heard since it last told: at once what is new, several times a second during a conflict, and else once a second.
type WireSeen struct {
	At
	Adverts  []Advert
	Claims   []Claim
	Problems map[string]string // by link: why nothing is heard there
}

// WireLost says that lbsup-wire is not there.
type WireLost struct {
	At
	Err string
}

// LowerHeard says that keepalived, as MASTER, has heard an advert of lower priority: its sender does not hear this node.
type LowerHeard struct {
	At
	Instance string
}

// Advert is the last of those that one sender sent of one router ID, as they pass a link below the firewall.
type Advert struct {
	Link      string
	RouterID  int
	Source    netip.Addr
	Hardware  string
	Sent      bool // by this node
	Passed    bool // the firewall of this node lets them in
	Priority  int  // 0: the sender lets go
	Addresses []netip.Addr
}

// Claim is another host that answers for an address on a link.
type Claim struct {
	Link     string
	Address  netip.Addr
	Hardware string
}

// Wire is what is known of lbsup-wire.
type Wire struct {
	Heard    time.Time // when it last said anything
	Lost     string    // why it does not
	Problems map[string]string
}

// Voices are the last that was heard of one instance from others, and from this node.
type Voices struct {
	Peer     Voice // the other node whose adverts count most
	Stranger Voice // somebody who uses the router ID for other addresses
	Own      time.Time
	Lower    time.Time // when keepalived heard one of lower priority
	Claim    Claim
	Claimed  time.Time
}

// Voice is an advert and when it was heard.
type Voice struct {
	Advert
	Node   string // of the peer; empty where its address does not tell
	Heard  time.Time
	Passed time.Time // when one last passed the firewall
}

// wireSeen sorts what was heard by instance.
func (t *turn) wireSeen(e WireSeen) {
	t.Wire = Wire{Heard: t.now, Problems: e.Problems}
	if t.Installed.Local == nil {
		return
	}
	voices := maps.Clone(t.Voices) // once: a State that was handed out never changes
	if voices == nil {
		voices = map[string]Voices{}
	}
	for _, i := range t.Installed.Local.VRRP.Instances {
		v := voices[i.Name]
		for _, a := range e.Adverts {
			if a.RouterID == i.RouterID && a.Link == i.Interface && a.Source.Is6() == i.Addresses[0].Address.Addr().Is6() {
				v = v.hear(t.now, a, t.Installed.Local, i)
			}
		}
		for _, c := range e.Claims {
			if slices.ContainsFunc(i.Addresses, func(vip cluster.VIP) bool { return vip.Address.Addr() == c.Address && vip.Interface == c.Link }) {
				v.Claim, v.Claimed = c, t.now
			}
		}
		voices[i.Name] = v
	}
	t.Voices = voices
}

// hear takes one advert. A peer is known by its address, or, where adverts are multicast and come from whatever address the interface has, by the
// VIPs that it claims.
func (v Voices) hear(now time.Time, a Advert, local *cluster.Local, i cluster.Instance) Voices {
	at := slices.IndexFunc(local.Peers, func(n cluster.Node) bool { return n.Address == a.Source })
	claims := slices.ContainsFunc(i.Addresses, func(vip cluster.VIP) bool { return slices.Contains(a.Addresses, vip.Address.Addr()) })
	said := Voice{Advert: a, Heard: now}
	if at >= 0 {
		said.Node = local.Peers[at].Name
	} else if len(local.Peers) == 1 {
		said.Node = local.Peers[0].Name
	}
	switch {
	case a.Sent:
		v.Own = now
	case at < 0 && !claims:
		said.Node = ""
		v.Stranger = said
	case v.Peer.Source == a.Source || !v.Peer.outranks(said) || now.Sub(v.Peer.Heard) > heardFor(local):
		if said.Passed = v.Peer.Passed; v.Peer.Source != a.Source {
			said.Passed = time.Time{}
		}
		if a.Passed {
			said.Passed = now
		}
		v.Peer = said
	}
	return v
}

// outranks is VRRP's own order: by priority, then by address (RFC 5798, section 6.4.3).
func (v Voice) outranks(w Voice) bool {
	if v.Priority != w.Priority {
		return v.Priority > w.Priority
	}
	return w.Source.Less(v.Source)
}

// speaks tells whether the peer sent adverts a moment ago, and did not let go with the last.
func (v Voices) speaks(now time.Time, local *cluster.Local) bool {
	return !v.Peer.Heard.IsZero() && v.Peer.Priority > 0 && now.Sub(v.Peer.Heard) <= heardFor(local)
}

// heardFor is how long an advert is good for: three intervals, as for keepalived, and the time that a report of lbsup-wire may take.
func heardFor(local *cluster.Local) time.Duration { return 3*local.VRRP.AdvertInterval + reportTime }

// reportTime is how long after it was heard an advert is told, at the latest, if it is new or during a conflict. Nothing else is decided by it.
const reportTime = 500 * time.Millisecond

func (t *turn) lowerHeard(instance string) {
	if !t.knows(instance) {
		return
	}
	v := t.Voices[instance]
	v.Lower = t.now
	t.Voices = with(t.Voices, instance, v)
}

// Deaf tells that nobody listens on the wire, and why; "" while somebody does, and before lbsup-wire had the time to say anything.
func (s State) Deaf() string {
	since := s.Wire.Heard
	if since.IsZero() {
		since = s.Started
	}
	switch {
	case s.Installed.Local == nil || len(s.Installed.Local.Peers) == 0 || since.IsZero() || s.Ticked.Sub(since) < wireSilence:
		return ""
	case s.Wire.Lost != "":
		return s.Wire.Lost
	default:
		return "lbsup-wire says nothing"
	}
}

const wireSilence = 5 * time.Second
