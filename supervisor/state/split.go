package state

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// Conflict is that another node has the VIPs of an instance that this one has.
type Conflict struct {
	Since  time.Time // of the first sign
	Last   time.Time // of the last one
	Raised bool      // there were signs for long enough
	Yields bool      // this node has let go of the VIPs for it

	Announced bool // since the last sign, the neighbours were told that the VIPs are here
}

// convinced is how long there must be signs. In every takeover two nodes have an address for a moment, and when keepalived was killed until the
// orphan is off.
const convinced = 700 * time.Millisecond

// contest looks at each instance after what may be a sign, and as time goes by.
func (t *turn) contest(e Event) {
	if t.Installed.Local == nil {
		return
	}
	for _, i := range t.Installed.Local.VRRP.Instances {
		before, was := t.Conflicts[i.Name]
		after, is := t.contested(i, before, was, t.signed(i, e))
		if before.Last.After(before.Since) && !before.Announced && !after.Yields && t.HasAny(i) && (!is || t.now.Sub(after.Last) > t.broken()) {
			after.Announced = true
			t.Announcements++
		}
		if is && (!was || before != after) {
			t.Conflicts = with(t.Conflicts, i.Name, after)
		} else if was && !is {
			t.Conflicts = without(t.Conflicts, i.Name)
		}
	}
}

// signed tells whether an event is a sign that another node has the VIPs too.
func (t *turn) signed(i cluster.Instance, e Event) bool {
	v := t.Voices[i.Name]
	switch e := e.(type) {
	case WireSeen:
		return v.Peer.Heard.Equal(t.now) && v.Peer.Priority > 0 || t.claimed(i)
	case LowerHeard:
		return e.Instance == i.Name
	}
	return false
}

func (t *turn) contested(i cluster.Instance, c Conflict, was, signed bool) (Conflict, bool) {
	switch {
	case was && c.Yields:
		return c, t.goesOnYielding(i)
	case !t.HasAny(i), t.parting(), t.released(i) && !t.claimed(i):
		return c, false
	case signed:
		if !was || !c.Raised && t.now.Sub(c.Last) > t.broken() {
			c.Since = t.now
		}
		c.Last, c.Announced = t.now, false
		c.Raised = c.Raised || t.now.Sub(c.Since) >= convinced
		c.Yields = c.Raised && t.shouldYield(i)
		return c, true
	default:
		return c, was && t.now.Sub(c.Last) < t.forgotten()
	}
}

// parting tells that keepalived has just died here: it is no contest that the peer took over what is still to be removed.
func (t *turn) parting() bool {
	return !t.Orphans.Since.IsZero() && t.removesOrphans() && t.now.Sub(t.Orphans.Since) < t.takeover()+time.Second
}

// released tells that the other node has just said that it lets go.
func (t *turn) released(i cluster.Instance) bool {
	peer := t.Voices[i.Name].Peer
	return peer.Heard.Equal(t.now) && peer.Priority == 0
}

func (t *turn) claimed(i cluster.Instance) bool { return t.Voices[i.Name].Claimed.Equal(t.now) }

// broken is after how long the next sign is the first again: that of one takeover does not count for the next.
func (t *turn) broken() time.Duration { return reportTime + t.Installed.Local.VRRP.AdvertInterval }

// forgotten is how long without a sign a conflict is over. Where hosts answer for no address that is not asked over its own interface, only adverts
// tell of it, once an interval.
func (t *turn) forgotten() time.Duration {
	return time.Second + 2*t.Installed.Local.VRRP.AdvertInterval
}

// shouldYield is the rule of on_split_brain: yield. The adverts of a node that outranks this one reach it, and its firewall keeps them from
// keepalived, which else would have stood back by itself. The other one hears this as its due: by the same rule it does not yield. What cannot be
// heard here is nobody to yield to.
func (t *turn) shouldYield(i cluster.Instance) bool {
	local, v := t.Installed.Local, t.Voices[i.Name]
	level, told := t.Levels[i.Name]
	return local.VRRP.Yield && told && v.Peer.Priority > level.Effective && v.speaks(t.now, local) && t.now.Sub(v.Peer.Passed) > heardFor(local)
}

// goesOnYielding tells whether the other one still announces the VIPs, and this node's keepalived still cannot know it. As soon as one of both is no
// longer so, keepalived is let go: into BACKUP, or to take the VIPs.
func (t *turn) goesOnYielding(i cluster.Instance) bool {
	local, v := t.Installed.Local, t.Voices[i.Name]
	return local.VRRP.Yield && v.speaks(t.now, local) && t.now.Sub(v.Peer.Passed) > heardFor(local)
}

// HasAny tells whether the kernel of this node has one of the VIPs of an instance.
func (s State) HasAny(i cluster.Instance) bool {
	for _, vip := range i.Addresses {
		if s.Addresses[vip.Address.Addr()] {
			return true
		}
	}
	return false
}

// Split tells whether two nodes have the VIPs of an instance now.
func (s State) Split(instance string) bool {
	c := s.Conflicts[instance]
	return c.Raised && !c.Yields
}

// Cause says in words who else has the VIPs of an instance, and what stands between the two.
func (s State) Cause(i cluster.Instance) string {
	v, local := s.Voices[i.Name], s.Installed.Local
	now := s.Conflicts[i.Name].Last
	switch speaks := v.speaks(now, local); {
	case !s.Orphans.Since.IsZero():
		return "keepalived is dead on this node and has left its VIPs here"
	case speaks && now.Sub(v.Peer.Passed) > heardFor(local):
		return fmt.Sprintf("adverts of %s reach %s, and the firewall of this node drops them", v.Peer.name(), i.Interface)
	case speaks && v.Peer.Priority > s.Levels[i.Name].Effective:
		return fmt.Sprintf("adverts of %s, with the higher priority %d, reach keepalived here, and it does not stand back: its journal says why", v.Peer.name(), v.Peer.Priority)
	case speaks && now.Sub(v.Own) > heardFor(local):
		return fmt.Sprintf("%s sends adverts with the lower priority %d, and none of this node's leaves %s: something drops what goes out", v.Peer.name(), v.Peer.Priority, i.Interface)
	case speaks:
		return fmt.Sprintf("%s sends adverts with the lower priority %d: it does not hear this node's", v.Peer.name(), v.Peer.Priority)
	case now.Sub(v.Claimed) <= heardFor(local):
		return fmt.Sprintf("%s answers for %s on %s, and its adverts do not arrive: it is alive, and the network or its firewall keeps them", s.claimant(v), v.Claim.Address, v.Claim.Link)
	default:
		return "keepalived hears adverts with a lower priority: their sender does not hear this node's"
	}
}

func (v Voice) name() string {
	if v.Node != "" {
		return v.Node
	}
	return v.Source.String()
}

// claimant names who answers for a VIP: the node whose adverts came from the same hardware, or the hardware.
func (s State) claimant(v Voices) string {
	if v.Peer.Hardware == v.Claim.Hardware && v.Peer.name() != "" {
		return v.Peer.name()
	}
	return v.Claim.Hardware
}
