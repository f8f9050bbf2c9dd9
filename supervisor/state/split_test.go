package state_test

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
)

// wired is a scenario in which lbsup-wire tells what it hears, each quarter of a second.
type wired struct {
	*scenario
	says state.WireSeen
}

func wire(t *testing.T) *wired {
	t.Helper()
	c := &wired{scenario: running(t)}
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.100.100", "10.131.0.1")})
	return c
}

// held is a node that has the VIPs, and whose own adverts leave.
func held(t *testing.T) *wired {
	t.Helper()
	c := wire(t)
	c.says.Adverts = []state.Advert{own()}
	return c.hear(time.Second)
}

func own() state.Advert {
	return state.Advert{Link: "enc1", RouterID: 1, Source: netip.MustParseAddr("10.129.0.1"), Sent: true, Priority: 253, Addresses: vips("172.18.100.100", "10.131.0.1")}
}

// peer is an advert of the other node.
func peer(priority int, passed bool) state.Advert {
	return state.Advert{
		Link: "enc1", RouterID: 1, Source: netip.MustParseAddr("10.130.0.1"), Hardware: "02:00:00:00:00:12", Priority: priority, Passed: passed,
		Addresses: vips("172.18.100.100", "10.131.0.1"),
	}
}

func claim() state.Claim {
	return state.Claim{Link: "enc6", Address: netip.MustParseAddr("172.18.100.100"), Hardware: "02:00:00:00:06:12"}
}

// hear lets lbsup-wire tell the same for some time.
func (c *wired) hear(d time.Duration) *wired {
	for range d / (250 * time.Millisecond) {
		c.wait(250 * time.Millisecond)
		c.probe(checks.Healthy, false, "answers")
		e := c.says
		e.At = c.at()
		c.send(e)
	}
	c.send(state.Tick{At: c.at()})
	return c
}

func (c *wired) tick() {
	c.probe(checks.Healthy, false, "answers")
	c.scenario.tick()
}

func (c *wired) instance() cluster.Instance { return c.s.Installed.Local.VRRP.Instances[0] }

func (c *wired) split(want bool) *wired {
	c.t.Helper()
	if got := c.s.Split("VI_1"); got != want {
		c.t.Errorf("split: got %v, want %v: %+v", got, want, c.s.Conflicts)
	}
	return c
}

func (c *wired) cause(want string) {
	c.t.Helper()
	if got := c.s.Cause(c.instance()); got != want {
		c.t.Errorf("cause: got %q, want %q", got, want)
	}
}

// What tells a split brain from its likes, and one kind from the others.
func TestSplit(t *testing.T) {
	for _, row := range []struct {
		name    string
		adverts []state.Advert
		claims  []state.Claim
		lower   bool // keepalived says so itself
		cause   string
	}{
		{"the peer is dead", []state.Advert{own()}, nil, false, ""},
		{"the peer lets go", []state.Advert{own(), peer(0, true)}, nil, false, ""},
		{"this node is deaf", []state.Advert{own(), peer(254, false)}, nil, false, "adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them"},
		{"so is the other one", []state.Advert{own(), peer(250, false)}, nil, false, "adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them"},
		{"the other one is deaf", []state.Advert{own(), peer(250, true)}, nil, false, "loadbalancer-2 sends adverts with the lower priority 250: it does not hear this node's"},
		{"this node is mute", []state.Advert{peer(250, true)}, nil, false,
			"loadbalancer-2 sends adverts with the lower priority 250, and none of this node's leaves enc1: something drops what goes out"},
		{"keepalived does not stand back", []state.Advert{own(), peer(254, true)}, nil, false,
			"adverts of loadbalancer-2, with the higher priority 254, reach keepalived here, and it does not stand back: its journal says why"},
		{"nothing arrives, and it answers", []state.Advert{own()}, []state.Claim{claim()}, false,
			"02:00:00:00:06:12 answers for 172.18.100.100 on enc6, and its adverts do not arrive: it is alive, and the network or its firewall keeps them"},
		{"only keepalived hears it", []state.Advert{own()}, nil, true, "keepalived hears adverts with a lower priority: their sender does not hear this node's"},
		{"a stranger", []state.Advert{own(), stranger()}, nil, false, ""},
		{"an advert on another link", []state.Advert{own(), elsewhere()}, nil, false, ""},
		{"a claim for another address", []state.Advert{own()}, []state.Claim{{Link: "enc6", Address: netip.MustParseAddr("172.18.100.1")}}, false, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := held(t)
			c.says = state.WireSeen{Adverts: row.adverts, Claims: row.claims}
			for range 6 {
				if row.lower {
					c.send(state.LowerHeard{At: c.at(), Instance: "VI_1"})
				}
				c.hear(250 * time.Millisecond)
			}
			c.hear(2 * time.Second * time.Duration(map[bool]int{false: 1}[row.lower]))
			c.split(row.cause != "")
			if row.cause != "" {
				c.cause(row.cause)
			}
			c.says = state.WireSeen{Adverts: []state.Advert{own()}}
			c.hear(2 * time.Second).split(false)
		})
	}
}

func stranger() state.Advert {
	a := peer(254, true)
	a.Source, a.Addresses = netip.MustParseAddr("192.0.2.99"), vips("192.0.2.100")
	return a
}

func elsewhere() state.Advert {
	a := peer(254, true)
	a.Link = "enc5"
	return a
}

func TestStrangerIsKnown(t *testing.T) {
	c := held(t)
	c.says.Adverts = append(c.says.Adverts, stranger())
	c.hear(time.Second)
	if got := c.s.Voices["VI_1"].Stranger.Source; got != netip.MustParseAddr("192.0.2.99") {
		t.Errorf("got %v", got)
	}
}

// A takeover is no split brain: two nodes have the VIPs for a moment, and the sign of one does not count for the next.
func TestTakeoverIsNoSplit(t *testing.T) {
	c := held(t)
	for range 5 {
		c.says.Adverts = []state.Advert{own(), peer(250, true)}
		c.hear(500 * time.Millisecond).split(false)
		c.says.Adverts = []state.Advert{own()}
		c.hear(time.Second).split(false)
	}
}

// Who does not have the VIPs has no part in it, whatever he hears.
func TestStandbyIsNoSplit(t *testing.T) {
	c := wire(t)
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.0.11")})
	c.says = state.WireSeen{Adverts: []state.Advert{peer(250, false)}, Claims: []state.Claim{claim()}}
	c.hear(5 * time.Second).split(false)
}

// A split is raised with the second sign of one and told until there was none for a while; then the neighbours are told who has the VIPs.
func TestSplitEnds(t *testing.T) {
	c := held(t)
	c.says.Adverts = []state.Advert{own(), peer(250, false)}
	c.hear(time.Second).split(true)
	if c.s.Announcements != 0 {
		t.Error("announced in the middle of it")
	}
	c.says.Adverts = []state.Advert{own()}
	c.hear(time.Second).split(true)
	if c.s.Announcements != 1 {
		t.Errorf("announced %d times when the signs ended, want once", c.s.Announcements)
	}
	c.hear(time.Second).split(false)
	if c.s.Announcements != 1 {
		t.Errorf("announced %d times, want once", c.s.Announcements)
	}
}

func TestSplitEndsWhenTheOtherLetsGo(t *testing.T) {
	c := held(t)
	c.says.Adverts = []state.Advert{own(), peer(250, false)}
	c.hear(time.Second).split(true)
	c.says.Adverts = []state.Advert{own(), peer(0, false)}
	c.hear(250 * time.Millisecond).split(false)
	if c.s.Announcements != 1 {
		t.Errorf("announced %d times, want once", c.s.Announcements)
	}
}

// The other one may be convinced first, and let go before it is raised here.
func TestSplitThatIsNotRaisedEnds(t *testing.T) {
	c := held(t)
	c.says.Adverts = []state.Advert{own(), peer(250, false)}
	c.hear(500 * time.Millisecond).split(false)
	c.says.Adverts = []state.Advert{own(), peer(0, false)}
	c.hear(250 * time.Millisecond).split(false)
	if c.s.Announcements != 1 {
		t.Errorf("announced %d times, want once", c.s.Announcements)
	}
}

func TestSplitEndsWithTheVIP(t *testing.T) {
	c := held(t)
	c.says.Adverts = []state.Advert{own(), peer(250, false)}
	c.hear(time.Second).split(true)
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.0.11")})
	c.split(false)
	if c.s.Announcements != 0 {
		t.Error("announced what is not here")
	}
}

// yielding is a node that has let go.
func yielding(t *testing.T) *wired {
	t.Helper()
	c := held(t)
	local := *c.s.Installed.Local
	shape := *local.Cluster
	shape.VRRP.Yield = true
	local.Cluster = &shape
	c.s.Installed.Local = &local
	c.log = nil
	c.says.Adverts = []state.Advert{own(), peer(254, false)}
	return c.hear(500 * time.Millisecond).yields(false).hear(500 * time.Millisecond)
}

func (c *wired) yields(want bool) *wired {
	c.t.Helper()
	if got := c.s.Conflicts["VI_1"].Yields; got != want {
		c.t.Errorf("yields: got %v, want %v: %+v", got, want, c.s.Conflicts)
	}
	return c
}

const letGo = "track VI_1 -254: yields: adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them"

func TestYield(t *testing.T) {
	c := yielding(t).yields(true).split(false)
	c.want(letGo)
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.0.11")}) // keepalived is in FAULT
	c.says.Adverts = []state.Advert{peer(254, false)}
	c.hear(time.Minute).yields(true)
	c.want()
}

// It ends with any reason that it had, so that the VIP is never with nobody.
func TestYieldEnds(t *testing.T) {
	for _, row := range []struct {
		name string
		says state.WireSeen
		lost bool
	}{
		{name: "the other one is silent", says: state.WireSeen{}},
		{name: "the other one lets go", says: state.WireSeen{Adverts: []state.Advert{peer(0, false)}}},
		{name: "keepalived hears it", says: state.WireSeen{Adverts: []state.Advert{peer(254, true)}}},
		{name: "nobody listens any more", lost: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := yielding(t)
			c.want(letGo)
			c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.0.11")})
			if c.says = row.says; row.lost {
				c.send(state.WireLost{At: c.at(), Err: "lbsup-wire hung up"})
				c.tick()
				c.tick()
			} else {
				c.hear(1250 * time.Millisecond)
			}
			c.yields(false)
			if len(c.log) == 0 || !strings.HasPrefix(c.log[0], "track VI_1 ") || strings.Contains(c.log[0], "-254") {
				t.Errorf("keepalived was not let go: %q", c.log)
			}
		})
	}
}

// Only one of two lets go: the one whose priority is lower, and only where keepalived would have done it by itself.
func TestYieldsNot(t *testing.T) {
	for _, row := range []struct {
		name  string
		heard state.WireSeen
	}{
		{"its priority is higher", state.WireSeen{Adverts: []state.Advert{own(), peer(250, false)}}},
		{"it is the same", state.WireSeen{Adverts: []state.Advert{own(), peer(253, false)}}},
		{"keepalived hears the other one", state.WireSeen{Adverts: []state.Advert{own(), peer(254, true)}}},
		{"nobody knows the other one's", state.WireSeen{Adverts: []state.Advert{own()}, Claims: []state.Claim{claim()}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := yielding(t)
			c.says = state.WireSeen{}
			c.hear(3 * time.Second).yields(false)
			c.log, c.says = nil, row.heard
			c.hear(3 * time.Second).yields(false).split(true)
			for _, line := range c.log {
				if strings.Contains(line, "-254") {
					t.Error(line)
				}
			}
		})
	}
}

// Anything may be in the FIFO: a name that is nobody's is not kept.
func TestUnknownInstances(t *testing.T) {
	c := wire(t)
	before := len(c.s.Roles) + len(c.s.Priorities) + len(c.s.Voices)
	for _, e := range []state.Event{
		state.RoleChanged{At: c.at(), Instance: "a\" MASINSTANCE \"VI_1", Role: "MASTER"},
		state.PriorityTold{At: c.at(), Instance: "VI_2", Priority: 1},
		state.LowerHeard{At: c.at(), Instance: "VI_2"},
	} {
		c.send(e)
	}
	if got := len(c.s.Roles) + len(c.s.Priorities) + len(c.s.Voices); got != before {
		t.Errorf("kept %v, %v, %v", c.s.Roles, c.s.Priorities, c.s.Voices)
	}
}

func TestDeaf(t *testing.T) {
	c := held(t)
	if got := c.s.Deaf(); got != "" {
		t.Errorf("got %q while it listens", got)
	}
	c.send(state.WireLost{At: c.at(), Err: "lbsup-wire hung up"})
	if got := c.s.Deaf(); got != "" {
		t.Errorf("got %q at once", got)
	}
	for range 6 {
		c.tick()
	}
	if got, want := c.s.Deaf(), "lbsup-wire hung up"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	c.hear(time.Second)
	if got := c.s.Deaf(); got != "" {
		t.Errorf("got %q after it is back", got)
	}
}
