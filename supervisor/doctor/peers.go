package doctor

// notAsked is why a node that was not asked yet has told nothing.
const notAsked = "it was not asked yet"

// news says whether the other nodes tell this one how they are. Nothing is decided by it, so silence is no failure.
func news(e *examination, p patient) {
	if p.local.Exchange == nil || !p.Supervisor.Running {
		return
	}
	for _, n := range p.local.Peers {
		trouble, listed := p.Supervisor.Peers[n.Name]
		if !listed {
			trouble = notAsked
		}
		if trouble != "" {
			e.warn("peer."+n.Name, see("lbsup doctor   # on "+n.Name), "%s does not tell this node how it is: %s", n.Name, trouble)
			continue
		}
		e.ok("peer."+n.Name, "%s tells this node how it is", n.Name)
	}
}
