package pair

import (
	"strings"
	"testing"
)

// Two who apply at once both get a true answer, and one generation is installed. The lbsup that makes it live was not there when what runs was installed, and
// what a person decided of a server survives all the same.
func TestAppliesAtOnce(t *testing.T) {
	p := up(t, openShift())
	w := p.watch(t)
	before := installed(t, p.first)
	haproxy(t, p.first, "set server api-server/control0 state drain")
	sh(t, p.first, "systemctl stop lbsup") // so that nobody else applies the edit
	p.edit(t, p.first, p.cluster+extraService)
	out := sh(t, p.first, "for i in 1 2 3 4; do lbsup apply & done; wait")
	if strings.Count(out, "is installed") != 1 || strings.Count(out, "nothing to do") != 3 {
		t.Errorf("four at once said: %s", out)
	}
	sh(t, p.first, "systemctl start lbsup")
	p.says(t, p.first, "that lbsup makes live what root has installed", func(said string, code int) bool { return code == 0 && strings.Contains(said, "extra") })
	sh(t, p.first, "for i in 1 2 3 4; do lbsup reload & done; wait")
	if now := installed(t, p.first); now == before {
		t.Errorf("generation %s was installed, and still is", before)
	}
	if row := rowOf(haproxy(t, p.first, "show stat -1 4 -1"), "api-server,control0,"); !strings.Contains(row, ",DRAIN,") {
		t.Errorf("control0 was drained, and is not any more: %s", row)
	}
	haproxy(t, p.first, "set server api-server/control0 state ready")
	p.restore(t)
	w.undisturbed(t)
}

// Without the master CLI, which a unit without -S does not give, an edit is still made live, at the cost of a restart.
func TestNoMasterSocket(t *testing.T) {
	p := up(t, openShift())
	write(t, p.first, "/etc/lbsup/haproxy.env", "EXTRAOPTS=\nOPTIONS=\n", 0o644)
	sh(t, p.first, "rm -f /run/haproxy-master.sock && systemctl restart haproxy")
	p.well(t)
	w := p.watch(t)
	p.edit(t, p.first, p.cluster+extraService)
	p.says(t, p.first, "that HAProxy was restarted", func(said string, code int) bool {
		return containsAll(said, "extra", "restart of haproxy.service", "no master CLI")
	})
	sh(t, p.first, "rm /etc/lbsup/haproxy.env && systemctl restart haproxy")
	p.restore(t)
	p.bounded(t, w, false)
}

// While there is no D-Bus nothing can be changed, and nothing moves. When it is back everything is as before.
func TestNoBus(t *testing.T) {
	p := up(t, openShift())
	w, before := p.watch(t), p.running(t, p.first)
	const bus = "dbus.socket dbus.service"
	sh(t, p.first, "systemctl stop "+bus)
	p.edit(t, p.first, p.cluster+extraService)
	p.says(t, p.first, "that the edit could not be applied", func(said string, code int) bool { return code == 1 && strings.Contains(said, "cannot") })
	p.untouched(t, p.first, before)
	sh(t, p.first, "systemctl start "+bus)
	eventually(t, "a reload works again", func() bool { _, code := try(t, p.first, "lbsup reload"); return code == 0 })
	p.says(t, p.first, "well, with the new service", func(said string, code int) bool { return code == 0 && strings.Contains(said, "extra") })
	p.restore(t)
	w.undisturbed(t)
	t.Run("units are watched again", func(t *testing.T) {
		p.survives(t, failure{breaks: on("systemctl stop haproxy"), mend: on("systemctl start haproxy")})
	})
	t.Run("a bus that is restarted disturbs nobody", func(t *testing.T) {
		p.well(t)
		w := p.watch(t)
		for range 3 {
			sh(t, p.first, "systemctl restart "+bus)
		}
		p.edit(t, p.first, p.cluster+"# edited\n")
		sh(t, p.first, "lbsup reload")
		p.well(t)
		w.undisturbed(t)
	})
}
