package status

import (
	"io"
	"testing"
	"time"
)

// company is a well pair that tells each other how it is.
func company(change func(*Snapshot, *Peer)) Snapshot {
	s := holder()
	s.Generation.ClusterFile = "0123456789abcdef"
	p := Peer{Node: "loadbalancer-2", Address: "10.130.0.1", Heard: before(400 * time.Millisecond), Since: before(3 * day), Skew: 0.012, Within: 0.001,
		Summary: &Summary{Protocol: 1, Cluster: "ocp0", Node: "loadbalancer-2", Version: "0.1.0", Time: now, Started: before(12 * day), Well: true,
			Instances: []PeerInstance{{Name: "VI_1", State: "BACKUP", Since: before(3 * day), Priority: 250}},
			HAProxy:   "active", Keepalived: "active", Generation: 9, Installed: before(2 * time.Hour), ClusterFile: "0123456789abcdef"}}
	change(&s, &p)
	s.Peers = []Peer{p}
	return s
}

func TestPairText(t *testing.T) {
	for name, change := range map[string]func(*Snapshot, *Peer){
		"well": func(*Snapshot, *Peer) {},
		"behind": func(_ *Snapshot, p *Peer) {
			p.Summary.ClusterFile, p.Summary.Installed = "fedcba9876543210", before(5*time.Hour)
		},
		"ahead": func(_ *Snapshot, p *Peer) {
			p.Summary.ClusterFile, p.Summary.Installed, p.Skew = "fedcba9876543210", before(time.Minute), 90
		},
		"edited": func(_ *Snapshot, p *Peer) { p.Summary.Edited = true },
		"unwell": func(_ *Snapshot, p *Peer) {
			p.Summary.Well, p.Summary.Findings, p.Summary.Finding = false, 3, "haproxy.service is failed"
		},
		"version":   func(_ *Snapshot, p *Peer) { p.Summary.Version, p.Skew = "0.2.0", -2.34 },
		"silent":    func(_ *Snapshot, p *Peer) { p.Trouble, p.Heard = "no answer in time", before(12*time.Second) },
		"unheard":   func(_ *Snapshot, p *Peer) { p.Trouble, p.Heard, p.Summary = "connection refused", time.Time{}, nil },
		"unasked":   func(_ *Snapshot, p *Peer) { p.Heard, p.Summary = time.Time{}, nil },
		"both-hold": func(_ *Snapshot, p *Peer) { p.Summary.Instances[0].Here = true },
	} {
		t.Run(name, func(t *testing.T) {
			s := company(change)
			golden(t, "pair-"+name, func(w io.Writer) error {
				p := &page{Style: wide}
				p.pair(s)
				return p.writeTo(w)
			})
		})
	}
}

func TestDiffers(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*Snapshot, *Peer)
		behind string
		since  time.Time
	}{
		{"the same", func(*Snapshot, *Peer) {}, "", time.Time{}},
		{"the peer's is older", func(_ *Snapshot, p *Peer) { p.Summary.ClusterFile, p.Summary.Installed = "x", before(3*time.Hour) }, "loadbalancer-2", before(2 * time.Hour)},
		{"the peer's is newer", func(_ *Snapshot, p *Peer) {
			p.Summary.ClusterFile, p.Summary.Installed, p.Skew = "x", before(time.Hour), 60
		},
			"loadbalancer-1", before(61 * time.Minute)},
		{"the peer's is newer by its own clock only", func(_ *Snapshot, p *Peer) {
			p.Summary.ClusterFile, p.Summary.Installed, p.Skew = "x", before(time.Hour), 7200
		},
			"loadbalancer-2", before(2 * time.Hour)},
		{"the peer has none", func(_ *Snapshot, p *Peer) { p.Summary.ClusterFile = "" }, "", time.Time{}},
		{"this node has none", func(s *Snapshot, _ *Peer) { s.Generation.ClusterFile = "" }, "", time.Time{}},
		{"the peer has told nothing", func(_ *Snapshot, p *Peer) { p.Summary = nil }, "", time.Time{}},
	} {
		s := company(row.change)
		if since, behind := s.Differs(s.Peers[0]); behind != row.behind || !since.Equal(row.since) {
			t.Errorf("%s: got %q since %v, want %q since %v", row.name, behind, since, row.behind, row.since)
		}
	}
}
