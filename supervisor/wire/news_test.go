package wire

import (
	"net/netip"
	"testing"
	"time"
)

// TestNews walks one account through what is heard in one turn after the other.
func TestNews(t *testing.T) {
	peer := heardFrom("eth0", "192.0.2.12")
	other := heardFrom("eth0", "192.0.2.13")
	lower, moved := peer, peer
	lower.Priority = 0
	moved.Addresses = []netip.Addr{netip.MustParseAddr("192.0.2.11")}
	c := &collection{}
	c.want([]Question{{"eth0", netip.MustParseAddr("192.0.2.10")}})
	said := func(all ...Heard) func() {
		return func() {
			for _, h := range all {
				c.heard(h)
			}
		}
	}
	for _, row := range []struct {
		name string
		hear func()
		want bool
	}{
		{"nobody", said(), false},
		{"the first advert", said(peer), true},
		{"the same again", said(peer), false},
		{"a turn without it", said(), false},
		{"and again", said(peer), false},
		{"another one", said(peer, other), true},
		{"both again", said(other, peer), false},
		{"it lets go", said(lower), true},
		{"and is back", said(peer), true},
		{"other addresses", said(moved), true},
		{"the firewall lets it pass", func() { c.heard(moved); c.received(moved) }, true},
		{"the other ear is a moment late", said(moved), false},
		{"and has caught up", func() { c.heard(moved); c.received(moved) }, false},
		{"a claim", func() { c.claimed(Claim{"eth0", netip.MustParseAddr("192.0.2.10"), "02:00:00:00:00:12"}) }, true},
		{"this host has got another address", func() {
			c.heard(moved)
			c.want([]Question{{"eth0", netip.MustParseAddr("192.0.2.11")}})
		}, false},
		{"and hears the same now", said(moved), true},
		{"the same wish once more", func() {
			c.heard(moved)
			c.want([]Question{{"eth0", netip.MustParseAddr("192.0.2.11")}})
		}, false},
	} {
		row.hear()
		if got := c.news(); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
		c.take()
	}
	for range remembered {
		c.news()
	}
	c.heard(moved)
	if !c.news() {
		t.Error("one who was silent for long and is back is no news")
	}
}

// Of a flood of forged adverts nothing is kept, and all is news.
func TestNewsOfAFlood(t *testing.T) {
	c := &collection{}
	for turn := range 4 {
		for i := range mostVoices {
			c.heard(heardFrom("eth0", netip.AddrFrom4([4]byte{10, 0, byte(turn), byte(i)}).String()))
		}
		if !c.news() || len(c.account.told) > mostVoices {
			t.Errorf("turn %d: kept %d", turn, len(c.account.told))
		}
		c.take()
	}
}

// What is old is told with each heartbeat, and each Period to one who asks for it. The first report comes at once.
func TestDue(t *testing.T) {
	s := &session{}
	if !s.due(nil) {
		t.Error("the first report waits")
	}
	s.told = time.Now().Add(time.Hour) // no heartbeat is near
	s.found.heard(heardFrom("eth0", "192.0.2.12"))
	if !s.due(nil) {
		t.Error("news waits")
	}
	s.found.heard(heardFrom("eth0", "192.0.2.12"))
	if s.due(nil) {
		t.Error("what is old is told")
	}
	s.wish.Often = true
	if !s.due(nil) {
		t.Error("one who wants to hear it often does not")
	}
	s.wish.Often = false
	if !s.due(map[string]string{"eth0": "there is no such link"}) {
		t.Error("a problem waits")
	}
	s.told = time.Now().Add(-Heartbeat)
	if !s.due(nil) {
		t.Error("no heartbeat")
	}
}
