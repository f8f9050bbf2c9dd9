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
