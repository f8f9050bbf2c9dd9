package supervisor

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/notify"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestSummaryOf(t *testing.T) {
	vip := func(here bool) status.VIP { return status.VIP{Address: "192.0.2.10/24", Here: here} }
	snap := status.Snapshot{
		Time: noon, Cluster: "web", Node: "lb1", Findings: []status.Finding{{What: "the worst"}, {What: "another"}},
		Instances: []status.Instance{
			{Name: "all", State: "MASTER", Since: noon, Priority: 253, VIPs: []status.VIP{vip(true), vip(true)}},
			{Name: "some", VIPs: []status.VIP{vip(true), vip(false)}}, {Name: "none"},
		},
		Checks:     []status.Check{{Name: "haproxy", Health: "healthy", Reason: "it answers", Kind: "haproxy"}},
		HAProxy:    status.HAProxy{Unit: status.Unit{Active: "active"}},
		Keepalived: status.Unit{Active: "failed"},
		Generation: status.Generation{Number: 7, Installed: noon, ClusterFile: "0123"},
	}
	want := status.Summary{
		Time: noon, Cluster: "web", Node: "lb1", Findings: 2, Finding: "the worst",
		Instances: []status.PeerInstance{{Name: "all", State: "MASTER", Since: noon, Priority: 253, Here: true}, {Name: "some"}, {Name: "none"}},
		Checks:    []status.PeerCheck{{Name: "haproxy", Health: "healthy", Reason: "it answers"}},
		HAProxy:   "active", Keepalived: "failed", Generation: 7, Installed: noon, ClusterFile: "0123", Edited: true,
	}
	if diff := cmp.Diff(want, summaryOf(state.State{Edited: true}, snap)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSourceDigest(t *testing.T) {
	if a, b := sourceDigest([]byte("a")), sourceDigest([]byte("b")); a == b || len(a) != 16 || a != sourceDigest([]byte("a")) {
		t.Errorf("got %s and %s", a, b)
	}
}

func TestPeerFindings(t *testing.T) {
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	const hint = "is lbsup running there, and may its TCP port be reached? Nothing is decided by it"
	for _, row := range []struct {
		name   string
		change func(*status.Snapshot, *status.Peer)
		want   []string
	}{
		{"all is well", func(*status.Snapshot, *status.Peer) {}, nil},
		{"one that was not asked yet", func(_ *status.Snapshot, p *status.Peer) { p.Summary = nil }, nil},
		{"silent for a moment", func(_ *status.Snapshot, p *status.Peer) { p.Trouble, p.Since = "no answer in time", ago(4*time.Second) }, nil},
		{"silent", func(_ *status.Snapshot, p *status.Peer) { p.Trouble, p.Since = "no answer in time", ago(6*time.Second) },
			[]string{"warning: lb2 does not tell how it is: no answer in time"}},
		{"both hold", func(_ *status.Snapshot, p *status.Peer) { p.Summary.Instances[0].Here = true },
			[]string{"failing: VI_1: split brain: lb2 says that it has the VIPs, too"}},
		{"both hold, and it is known", func(_ *status.Snapshot, p *status.Peer) {
			p.Summary.Instances[0].Here, p.Summary.Instances[0].Name = true, "known"
		}, nil},
		{"it has just taken them", func(_ *status.Snapshot, p *status.Peer) {
			p.Summary.Instances[0].Here, p.Summary.Instances[0].Since = true, ago(2*time.Second)
		}, nil},
		{"this node has just taken them", func(s *status.Snapshot, p *status.Peer) {
			p.Summary.Instances[0].Here, s.Instances[0].Since = true, ago(2*time.Second)
		}, nil},
		{"it held them when it was last heard", func(_ *status.Snapshot, p *status.Peer) {
			p.Summary.Instances[0].Here, p.Heard = true, ago(4*time.Second)
		}, nil},
		{"a clock behind", func(_ *status.Snapshot, p *status.Peer) { p.Skew, p.Within = -90.06, 0.01 },
			[]string{"warning: the clocks of lb2 and this node are 1m30.1s apart"}},
		{"a clock that may be right", func(_ *status.Snapshot, p *status.Peer) { p.Skew, p.Within = 1.2, 0.3 }, nil},
		{"a cluster file that is being copied", func(s *status.Snapshot, _ *status.Peer) {
			s.Generation.ClusterFile, s.Generation.Installed = "new", ago(20*time.Second)
		}, nil},
		{"a cluster file that was not copied", func(s *status.Snapshot, _ *status.Peer) {
			s.Generation.ClusterFile, s.Generation.Installed = "new", ago(40*time.Second)
		}, []string{"warning: the newest cluster file is not on lb2 yet"}},
	} {
		snap := status.Snapshot{Time: noon, Node: "lb1", Generation: status.Generation{ClusterFile: "same", Installed: ago(time.Hour)}}
		for _, name := range []string{"VI_1", "known"} {
			snap.Instances = append(snap.Instances, status.Instance{Name: name, Since: ago(time.Hour), VIPs: []status.VIP{{Here: true}}})
		}
		p := status.Peer{Node: "lb2", Heard: ago(time.Second), Since: ago(time.Hour), Summary: &status.Summary{
			Time: ago(time.Second), ClusterFile: "same", Installed: ago(time.Hour), Instances: []status.PeerInstance{{Name: "VI_1", Since: ago(time.Hour)}}}}
		row.change(&snap, &p)
		var got []string
		for _, f := range peerFindings(snap, p, func(instance string) bool { return instance == "known" }) {
			got = append(got, f.Severity+": "+f.What)
			if f.Hint == "" || p.Trouble != "" && f.Hint != hint {
				t.Errorf("%s: got the hint %q", row.name, f.Hint)
			}
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", row.name, diff)
		}
	}
}

func TestToldFindings(t *testing.T) {
	got := toldFindings([]notify.Report{
		{Who: "/usr/bin/true", Told: 7, Failed: 1},
		{Who: "https://hooks.example.net", Trouble: "connection refused", Waiting: 2, Failed: 3, Dropped: 4},
	})
	want := []status.Finding{{Severity: status.Warning, What: "https://hooks.example.net cannot be told of what happens: connection refused (2 waiting, 7 lost)",
		Hint: "key `notify:` of the cluster file says who is told; journalctl -u lbsup has the first failure"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
