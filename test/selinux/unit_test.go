package selinux

import (
	"strings"
	"testing"
)

// A oneshot of root's that did not say so would run in the supervisor's domain, and could write nothing.
func TestUnitsOfApply(t *testing.T) {
	const want = "SELinuxContext=-system_u:system_r:lbsup_apply_t:s0"
	for _, unit := range []string{"lbsup-apply@.service", "lbsup-recover.service"} {
		if text := read(t, "../../packaging/systemd/"+unit); !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("%s lacks %s", unit, want)
		}
	}
}

// So would the listener, which could not listen, and what takes orphaned addresses off, which could not.
func TestUnitsOfTheWire(t *testing.T) {
	for unit, domain := range map[string]string{"lbsup-wire.service": "lbsup_wire_t", "lbsup-orphans.service": "lbsup_orphans_t"} {
		if text := read(t, "../../packaging/systemd/"+unit); !strings.Contains(text, "\nSELinuxContext=-system_u:system_r:"+domain+":s0\n") {
			t.Errorf("%s does not say %s", unit, domain)
		}
	}
}
