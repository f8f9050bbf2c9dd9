package supervisor

import (
	"fmt"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// The states that keepalived names.
const (
	master = "MASTER"
	backup = "BACKUP"
	fault  = "FAULT"

	stop = "STOP"
)

// holder tells which node has the VIPs of an instance, and why. The kernel has the last word on this node; on the
// other one there are only the adverts that keepalived hears, and in a pair these can come from one node alone.
func holder(s state.State, i cluster.Instance, seen status.Instance) (node, why string) {
	self := s.Installed.Local.Node.Name
	first := i.Prefer[0]
	lowered := seen.Priority < seen.Wanted
	switch {
	case s.Holds(i.Name) && !s.Orphans.Since.IsZero():
		return self, "keepalived is dead on this node and has left them here"
	case s.Holds(i.Name) && self == first:
		return self, "this node is the preferred one and" + worth(seen, lowered)
	case s.Holds(i.Name):
		return self, fmt.Sprintf("%s, which is preferred, does not claim them; this node%s", first, worth(seen, lowered))
	case s.Conflicts[i.Name].Yields:
		return peer(s), "this node has let go of them, for another one has them too"
	case s.Levels[i.Name].Fault:
		return peer(s), "HAProxy or another check that this node cannot do without has failed here"
	case seen.State == fault:
		return peer(s), "keepalived has put this node in FAULT: an interface that it tracks is down"
	case seen.State == backup && self == first && lowered:
		return peer(s), "this node is the preferred one but not well enough for them"
	case seen.State == backup:
		return peer(s), "this node stands by and" + worth(seen, lowered)
	case !s.Units[state.KeepalivedUnit].Running():
		return peer(s), "keepalived does not run on this node"
	default:
		return "", "keepalived has not said yet what this node is"
	}
}

// roleOf is what keepalived last said of an instance, as far as the kernel agrees. A supervisor that was away, or was started after keepalived, has not
// heard it, or not the last of it: then the node is MASTER where it has the VIPs, and else it stands by. A keepalived that is dead is nothing.
func roleOf(s state.State, i cluster.Instance) state.Role {
	role, here := s.Roles[i.Name], s.Holds(i.Name)
	unit, known := s.Units[state.KeepalivedUnit]
	live, likely := !role.Since.IsZero(), (role.Name == master) == here
	switch {
	case known && !unit.Running():
		return state.Role{Name: stop, Since: unit.Since}
	case role.Name != "" && (live || likely), role.Name == "" && !unit.Since.Before(s.Started):
		return role
	case here:
		return state.Role{Name: master}
	case s.Levels[i.Name].Fault:
		return state.Role{Name: fault}
	default:
		return state.Role{Name: backup}
	}
}

func worth(seen status.Instance, lowered bool) string {
	if !lowered {
		return " is well"
	}
	return " is lowered"
}

// peer names the other node of a pair; with more nodes this one cannot know.
func peer(s state.State) string {
	if peers := s.Installed.Local.Peers; len(peers) == 1 {
		return peers[0].Name
	}
	return ""
}
