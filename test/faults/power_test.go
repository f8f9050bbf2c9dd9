package faults

import "testing"

// power cuts the power of the node that does not hold the VIP, at several moments of a change.
func (h *house) power(t *testing.T) {
	n := h.second
	for _, s := range []step{
		{"openat", "/etc/haproxy/.haproxy.cfg.lbsup-new", 1},
		halfway,
		{"renameat", "/var/lib/lbsup/generations/current.new", 1},
		{"unlinkat", "/var/lib/lbsup/journal.json", 1},
		{"openat", "/var/lib/lbsup/report.json.new", 1},
	} {
		t.Run("before "+s.String(), func(t *testing.T) {
			c := h.calm()
			n.whole(t)
			edition := n.edit(t)
			n.midway(t, s, func() { n.blackout(t) })
			n.whole(t)
			n.goesOn(t, edition)
			c.kept(t)
		})
	}
}

// blackout is a power cut, with the boot behind it.
func (n *host) blackout(t *testing.T) {
	t.Helper()
	if err := n.PowerOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.Boot(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.find()
}
