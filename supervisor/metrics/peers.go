package metrics

import "github.com/lbsup/lbsup/supervisor/status"

// peers are the other nodes of the cluster file, where they tell of themselves. What one has told before it fell silent is
// not told as if it still were so.
func (r reading) peers(s status.Snapshot) {
	for _, p := range s.Peers {
		answers := p.Trouble == "" && p.Summary != nil
		r.tell(peerUp, truth(answers), p.Node)
		r.moment(peerHeard, p.Heard, p.Node)
		if !answers {
			continue
		}
		r.tell(peerWell, truth(p.Summary.Well), p.Node)
		r.tell(peerSkew, p.Skew, p.Node)
		r.tell(peerGeneration, float64(p.Summary.Generation), p.Node)
		if own, theirs := s.Generation.ClusterFile, p.Summary.ClusterFile; own != "" && theirs != "" {
			r.tell(peerSameFile, truth(own == theirs), p.Node)
		}
	}
}
