package haproxy

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/lbsup/lbsup/render/haproxy"
)

// wanted is what must be read back of a server.
type wanted struct {
	target haproxy.Target
	facts  map[string]string
}

func is(fact, value string) map[string]string { return map[string]string{fact: value} }

func isAt(a netip.AddrPort) map[string]string { return is("address", a.String()) }

// backends are those whose servers have to be looked at.
func (s *script) backends() []string {
	names := map[string]bool{}
	for _, w := range s.wanted {
		names[w.target.Backend] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// fits compares the servers that HAProxy has with those that the changes begin with.
func (s *script) fits(states map[haproxy.Target]ServerState) error {
	for _, target := range s.existing {
		if _, is := states[target]; !is {
			return fmt.Errorf("cannot change server %q at run time: HAProxy has no such server", target)
		}
	}
	for _, target := range s.added {
		state, is := states[target]
		if is && !state.Maint {
			return fmt.Errorf("cannot add server %q at run time: HAProxy has it already", target)
		}
		if is {
			s.room = append(s.room, "del server "+target.String())
		}
	}
	return nil
}

// freed looks whether there is room for the servers that are to come.
func (s *script) freed(states map[haproxy.Target]ServerState) error {
	for _, target := range s.added {
		if _, is := states[target]; is {
			return fmt.Errorf("cannot add server %q at run time: connections to the one of that name which went have not ended", target)
		}
	}
	return nil
}

// difference names the first server that is not as it was meant to be, "" if all are.
func (s *script) difference(states map[haproxy.Target]ServerState, limits map[haproxy.Target]int) string {
	for _, w := range s.wanted {
		state, is := states[w.target]
		if !is {
			return fmt.Sprintf("server %q is not there", w.target)
		}
		got := state.facts()
		got["maxconn"] = strconv.Itoa(limits[w.target])
		for _, fact := range slices.Sorted(maps.Keys(w.facts)) {
			if got[fact] != w.facts[fact] {
				return fmt.Sprintf("the %s of server %q is %s, not %s", fact, w.target, got[fact], w.facts[fact])
			}
		}
	}
	return ""
}
