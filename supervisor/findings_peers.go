package supervisor

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

const (
	unheard  = 5 * time.Second  // a peer that restarts its lbsup is back by then
	overlap  = 3 * time.Second  // what two nodes tell of the same moment may be so far apart
	spread   = 30 * time.Second // a cluster file is copied from node to node in that time
	skewness = time.Second      // from here on, what two nodes tell cannot be put in order
)

// peerFindings tell what is wrong between this node and another one. Split says what is known already to be a split brain.
func peerFindings(snap status.Snapshot, p status.Peer, split func(instance string) bool) []status.Finding {
	if p.Trouble != "" {
		if snap.Time.Sub(p.Since) < unheard {
			return nil
		}
		return []status.Finding{warning("is lbsup running there, and may its TCP port be reached? Nothing is decided by it", "%s does not tell how it is: %s", p.Node, p.Trouble)}
	}
	if p.Summary == nil {
		return nil
	}
	return append(twoHolders(snap, p, split), unalike(snap, p)...)
}

// twoHolders finds VIPs that are here and there, unless they have just moved.
func twoHolders(snap status.Snapshot, p status.Peer, split func(string) bool) []status.Finding {
	var out []status.Finding
	for _, here := range snap.Instances {
		for _, there := range p.Summary.Instances {
			settled := snap.Time.Sub(here.Since) >= overlap && p.Summary.Time.Sub(there.Since) >= overlap && snap.Time.Sub(p.Heard) < overlap
			if there.Name == here.Name && there.Here && holds(here) && settled && !split(here.Name) {
				out = append(out, failing("sudo lbsup doctor   # on both nodes", "%s: split brain: %s says that it has the VIPs, too", here.Name, p.Node))
			}
		}
	}
	return out
}

// unalike tells of differences between two nodes that should be alike.
func unalike(snap status.Snapshot, p status.Peer) []status.Finding {
	var out []status.Finding
	if skew := time.Duration(p.Skew * float64(time.Second)); skew.Abs() > skewness+time.Duration(p.Within*float64(time.Second)) {
		out = append(out, warning("chronyc tracking   # on both nodes", "the clocks of %s and this node are %s apart", p.Node, skew.Abs().Round(100*time.Millisecond)))
	}
	if since, behind := snap.Differs(p); behind != "" && snap.Time.Sub(since) >= spread {
		out = append(out, warning("copy /etc/lbsup/lbsup.yaml from the other node, then lbsup reload", "the newest cluster file is not on %s yet", behind))
	}
	return out
}
