package supervisor

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// sourceDigest is by what two nodes see that they have one cluster file. The file holds no secrets.
func sourceDigest(source []byte) string {
	sum := sha256.Sum256(source)
	return hex.EncodeToString(sum[:8])
}

// summary is what this node tells its peers.
func (n *node) summary() status.Summary {
	s := summaryOf(n.loop.State(), n.seen())
	s.Version, s.Started = n.Version, n.started
	return s
}

func summaryOf(s state.State, snap status.Snapshot) status.Summary {
	out := status.Summary{
		Cluster: snap.Cluster, Node: snap.Node, Time: snap.Time, Well: snap.Well, Findings: len(snap.Findings),
		HAProxy: snap.HAProxy.Active, Keepalived: snap.Keepalived.Active,
		Generation: snap.Generation.Number, Installed: snap.Generation.Installed, ClusterFile: snap.Generation.ClusterFile, Edited: s.Edited,
	}
	if len(snap.Findings) > 0 {
		out.Finding = snap.Findings[0].What
	}
	for _, i := range snap.Instances {
		out.Instances = append(out.Instances, status.PeerInstance{Name: i.Name, State: i.State, Since: i.Since, Priority: i.Priority, Here: holds(i)})
	}
	for _, c := range snap.Checks {
		out.Checks = append(out.Checks, status.PeerCheck{Name: c.Name, Health: c.Health, Reason: c.Reason})
	}
	return out
}

// holds tells whether every VIP of an instance is on the node that tells of it.
func holds(i status.Instance) bool {
	return len(i.VIPs) > 0 && !slices.ContainsFunc(i.VIPs, func(v status.VIP) bool { return !v.Here })
}

// addPeers puts what the other nodes tell into a snapshot. Nothing is decided by it: the state does not know it.
func (n *node) addPeers(snap *status.Snapshot) {
	s := n.loop.State()
	snap.Peers = n.exchange.Peers()
	if why := n.exchange.Trouble(); why != "" {
		snap.Findings = append(snap.Findings, warning("key `peers:` of the cluster file; it is tried again by itself, and nothing is decided by it", "peers and this node do not tell each other how they are: %s", why))
	}
	for _, p := range snap.Peers {
		snap.Findings = append(snap.Findings, peerFindings(*snap, p, s.Split)...)
	}
}
