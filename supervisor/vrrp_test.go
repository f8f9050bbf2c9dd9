package supervisor

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/wire"
)

var sameAddresses = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func oldRole(name string) state.RoleChanged {
	e := role(name)
	e.Old = true
	return e
}

func keepalivedIs(active string) state.UnitChanged {
	return state.UnitChanged{At: state.At(noon), Name: state.KeepalivedUnit, Unit: state.Unit{Active: active, Result: "signal", Since: noon}}
}

// The kernel has the last word, and what keepalived told while nobody listened counts as far as the kernel agrees.
func TestRole(t *testing.T) {
	const first = "loadbalancer-1"
	restarted := state.Started{At: state.At(noon.Add(time.Hour))}
	for _, row := range []struct {
		name   string
		events []state.Event
		want   string
	}{
		{"told", []state.Event{bothVIPs, role("MASTER")}, "MASTER"},
		{"told a moment before the kernel does", []state.Event{role("MASTER")}, "MASTER"},
		{"told while lbsup was away", []state.Event{restarted, bothVIPs, oldRole("MASTER")}, "MASTER"},
		{"FAULT, told while lbsup was away", []state.Event{restarted, oldRole("FAULT")}, "FAULT"},
		{"it lost the VIPs since", []state.Event{restarted, oldRole("MASTER")}, "BACKUP"},
		{"it took them since", []state.Event{restarted, bothVIPs, oldRole("FAULT")}, "MASTER"},
		{"never told, with the VIPs", []state.Event{restarted, bothVIPs}, "MASTER"},
		{"never told, without", []state.Event{restarted}, "BACKUP"},
		{"not told yet", nil, ""},
		{"keepalived is dead", []state.Event{bothVIPs, role("MASTER"), keepalivedIs("failed")}, "STOP"},
		{"keepalived waits for its start", []state.Event{role("MASTER"), keepalivedIs("activating")}, "STOP"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := wellNode(t, first, row.events...)
			if got := snapshot(s, noon).Instances[0].State; got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestWishOf(t *testing.T) {
	for _, row := range []struct {
		name string
		s    state.State
		want wire.Wish
	}{
		{"nothing is installed", state.State{}, wire.Wish{}},
		{"the standby", wellNode(t, "loadbalancer-2"), wire.Wish{Hear: []wire.Ear{{Link: "enc1"}}}},
		{"the holder", wellNode(t, "loadbalancer-1", bothVIPs), wire.Wish{Hear: []wire.Ear{{Link: "enc1"}}, Ask: []wire.Question{
			{Link: "enc6", Address: netip.MustParseAddr("172.18.100.100")}, {Link: "enc5", Address: netip.MustParseAddr("10.131.0.1")}}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, wishOf(row.s), sameAddresses); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOverheard(t *testing.T) {
	vip, from := netip.MustParseAddr("172.18.100.100"), netip.MustParseAddr("10.130.0.1")
	got := overheard(state.At(noon), wire.Report{
		Voices: []wire.Voice{{Link: "enc1", RouterID: 1, Source: from, Sent: true, Hardware: "02:00:00:00:00:12", Priority: 250,
			Interval: time.Second, Addresses: []netip.Addr{vip}, Passed: true}},
		Claims:   []wire.Claim{{Link: "enc6", Address: vip, Hardware: "02:00:00:00:06:12"}},
		Problems: map[string]string{"enc1": "no"},
	})
	want := state.WireSeen{At: state.At(noon), Problems: map[string]string{"enc1": "no"},
		Adverts: []state.Advert{{Link: "enc1", RouterID: 1, Source: from, Hardware: "02:00:00:00:00:12", Sent: true, Passed: true, Priority: 250, Addresses: []netip.Addr{vip}}},
		Claims:  []state.Claim{{Link: "enc6", Address: vip, Hardware: "02:00:00:00:06:12"}},
	}
	if diff := cmp.Diff(want, got, sameAddresses, cmp.Comparer(func(a, b state.At) bool { return time.Time(a).Equal(time.Time(b)) })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What a person reads of it.
func TestVRRPFindings(t *testing.T) {
	peer := state.Advert{Link: "enc1", RouterID: 1, Source: netip.MustParseAddr("10.130.0.1"), Priority: 250, Addresses: []netip.Addr{netip.MustParseAddr("172.18.100.100")}}
	stranger := state.Advert{Link: "enc1", RouterID: 1, Source: netip.MustParseAddr("192.0.2.99"), Hardware: "02:00:00:00:00:99", Priority: 1}
	hears := func(after time.Duration, problems map[string]string, adverts ...state.Advert) []state.Event {
		at := state.At(noon.Add(after))
		return []state.Event{state.WireSeen{At: at, Adverts: adverts, Problems: problems}, state.Tick{At: at}}
	}
	for _, row := range []struct {
		name   string
		events [][]state.Event
		want   []string
	}{
		{"split brain", [][]state.Event{{bothVIPs, role("MASTER")}, hears(0, nil, peer), hears(500*time.Millisecond, nil, peer), hears(time.Second, nil, peer)}, []string{
			"failing: VI_1: split brain, two nodes have the VIPs: adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them"}},
		{"a stranger", [][]state.Event{hears(0, nil, stranger)}, []string{
			"warning: VI_1: 192.0.2.99 (02:00:00:00:00:99) uses router ID 1 on enc1 too, for other addresses"}},
		{"a link that is not there", [][]state.Event{hears(0, map[string]string{"enc1": `cannot listen on "enc1": there is no such link`})}, []string{
			`warning: a VIP that two nodes have may not be noticed: cannot listen on "enc1": there is no such link`}},
		{"nobody listens", [][]state.Event{{state.Started{At: state.At(noon)}, state.WireLost{At: state.At(noon), Err: "cannot reach lbsup-wire: connection refused"}},
			{probedAt(noon.Add(6 * time.Second)), state.Tick{At: state.At(noon.Add(6 * time.Second))}}}, []string{
			"warning: a VIP that two nodes have may not be noticed: cannot reach lbsup-wire: connection refused"}},
		{"an orphan", [][]state.Event{{bothVIPs, keepalivedIs("failed")}}, []string{
			"failing: keepalived.service is failed", "failing: VI_1: the VIPs are here but keepalived does not run"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := wellNode(t, "loadbalancer-1")
			for _, events := range row.events {
				for _, e := range events {
					s, _ = state.Step(s, e)
				}
			}
			var got []string
			for _, f := range findings(s) {
				got = append(got, f.Severity+": "+f.What)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func probedAt(at time.Time) state.Probed {
	e := probed(checks.Healthy, "answers")
	e.At, e.Result.At = state.At(at), at
	return e
}
