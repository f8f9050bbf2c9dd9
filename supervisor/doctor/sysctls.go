package doctor

import "cmp"

// sysctls looks at those that matter for this file, and names those that only seem to.
func sysctls(e *examination, p patient) {
	read := func(path string) string { return p.Sysctls[path] }
	for _, s := range p.needs.Sysctls {
		id := "sysctl." + s.Key
		if s.Met(read) {
			e.ok(id, "%s is as it must be: %s", s.Key, s.Why)
			continue
		}
		now := read(s.Path())
		if _, there := p.Sysctls[s.Path()]; !there {
			e.fail(id, see("ip -brief link"), "%s is not there to be set to %s: %s", s.Key, s.Value, s.Why)
			continue
		}
		e.fail(id, safely(applyHost), "%s is %s, and must be %s: %s", s.Key, cmp.Or(now, "empty"), s.Wanted(now), s.Why)
	}
	for _, s := range p.needs.Unneeded {
		if id := "sysctl.unneeded." + s.Key; read(s.Path()) == s.Value {
			e.ok(id, "%s is set, and need not be: %s", s.Key, s.Why)
		} else {
			e.ok(id, "%s is not set, and need not be: %s", s.Key, s.Why)
		}
	}
}
