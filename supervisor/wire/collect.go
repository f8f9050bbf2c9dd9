package wire

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"sync"
)

// collection is a report in the making. Several ears write into it.
type collection struct {
	mu     sync.Mutex
	voices map[voiceKey]Voice
	passed map[voiceKey]bool
	claims map[Claim]bool
	wanted map[Question]bool // whose claims are of interest: on a link full of hosts there are many
	more   bool

	account account
}

type voiceKey struct {
	link     string
	routerID int
	source   netip.Addr
	sent     bool
}

// heard takes an advert from below the firewall: the last one of each voice stands for all.
func (c *collection) heard(h Heard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := voiceKey{h.Interface, h.RouterID, h.Source, h.Sent}
	v := Voice{
		Link: h.Interface, RouterID: h.RouterID, Source: h.Source, Sent: h.Sent, Hardware: h.Hardware, Priority: h.Priority,
		Interval: h.Interval, Addresses: h.Addresses[:min(len(h.Addresses), mostAddresses)],
	}
	c.more = !put(&c.voices, k, v, mostVoices) || c.more
}

// received takes an advert that the firewall let through.
func (c *collection) received(h Heard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.more = !put(&c.passed, voiceKey{h.Interface, h.RouterID, h.Source, false}, true, mostVoices) || c.more
}

func (c *collection) claimed(claim Claim) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.wanted[Question{claim.Link, claim.Address}] {
		return
	}
	c.more = !put(&c.claims, claim, true, mostClaims) || c.more
}

// news tells whether anything was heard that is not known already.
func (c *collection) news() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.account.news(c.voices, c.passed) || len(c.claims) > 0 || c.more
}

// want sets whose claims are of interest. Other ones begin anew: what was heard before this host had an address, or while it had one, is no sign of
// anything now.
func (c *collection) want(questions []Question) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wanted := map[Question]bool{}
	for _, q := range questions {
		wanted[q] = true
	}
	if !maps.Equal(wanted, c.wanted) {
		c.wanted, c.voices, c.passed, c.claims, c.more, c.account = wanted, nil, nil, nil, false, account{}
	}
}

// put says no where a new key would be one too many.
func put[K comparable, V any](m *map[K]V, k K, v V, most int) bool {
	if *m == nil {
		*m = map[K]V{}
	}
	if _, known := (*m)[k]; !known && len(*m) >= most {
		return false
	}
	(*m)[k] = v
	return true
}

// take returns what came together, in an order of its own, and begins anew.
func (c *collection) take() Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := Report{More: c.more, Claims: slices.Collect(maps.Keys(c.claims))}
	for k, v := range c.voices {
		v.Passed = c.passed[k]
		out.Voices = append(out.Voices, v)
	}
	slices.SortFunc(out.Voices, func(a, b Voice) int {
		return cmp.Or(cmp.Compare(a.Link, b.Link), cmp.Compare(a.RouterID, b.RouterID), a.Source.Compare(b.Source))
	})
	slices.SortFunc(out.Claims, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(a.Link, b.Link), a.Address.Compare(b.Address), cmp.Compare(a.Hardware, b.Hardware))
	})
	c.voices, c.passed, c.claims, c.more = nil, nil, nil, false
	return out
}
