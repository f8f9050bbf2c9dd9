package supervisor

import (
	"maps"
	"slices"
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// splitFindings tells of VIPs that two nodes have.
func splitFindings(s state.State) []status.Finding {
	var out []status.Finding
	if s.Installed.Local == nil {
		return nil
	}
	for _, i := range s.Installed.Local.VRRP.Instances {
		switch {
		case s.Conflicts[i.Name].Yields:
			out = append(out, failing("sudo lbsup doctor", "%s: this node has let go of the VIPs, for another one has them too: %s", i.Name, s.Cause(i)))
		case s.Split(i.Name):
			out = append(out, failing("sudo lbsup doctor   # on both nodes", "%s: split brain, two nodes have the VIPs: %s", i.Name, s.Cause(i)))
		}
	}
	return out
}

// strange is how long a stranger is told of after his last advert.
const strange = 30 * time.Second

// wireFindings tells what is odd on the wire, and that nobody listens there.
func wireFindings(s state.State) []status.Finding {
	var out []status.Finding
	if why := s.Deaf(); why != "" {
		return []status.Finding{warning("systemctl status lbsup-wire.socket lbsup-wire.service", "a VIP that two nodes have may not be noticed: %s", why)}
	}
	for _, link := range slices.Sorted(maps.Keys(s.Wire.Problems)) {
		out = append(out, warning("ip -brief link", "a VIP that two nodes have may not be noticed: %s", s.Wire.Problems[link]))
	}
	if s.Installed.Local == nil {
		return out
	}
	for _, i := range s.Installed.Local.VRRP.Instances {
		if v := s.Voices[i.Name].Stranger; !v.Heard.IsZero() && s.Ticked.Sub(v.Heard) < strange {
			out = append(out, warning("give this instance another router_id on every node, or the other pair one",
				"%s: %s (%s) uses router ID %d on %s too, for other addresses", i.Name, v.Source, v.Hardware, i.RouterID, i.Interface))
		}
	}
	return out
}
