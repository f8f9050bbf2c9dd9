package pair

import (
	"strings"
	"testing"
)

// TestHostileClients leans on the health socket in every way while keepalived's checks go on.
func TestHostileClients(t *testing.T) {
	p := up(t, openShift())
	asked := watchStarts(t, p.first)
	for _, row := range []struct{ name, client string }{
		{"three hundred that say nothing", `for i in $(seq 300); do python3 -c 'import socket,time; s=socket.socket(socket.AF_UNIX); s.connect("/run/lbsup/health.sock"); time.sleep(4)' & done; wait`},
		{"a megabyte", `head -c 1000000 /dev/zero | tr '\0' x >/tmp/big; for i in 1 2 3 4 5; do python3 -c '
import socket
s=socket.socket(socket.AF_UNIX); s.connect("/run/lbsup/health.sock")
try:
    s.sendall(b"GET /check/"+open("/tmp/big","rb").read()+b" HTTP/1.0\r\n\r\n"); s.recv(100)
except OSError: pass'; done`},
		{"one byte at a time", `python3 -c '
import socket,time
s=socket.socket(socket.AF_UNIX); s.connect("/run/lbsup/health.sock")
try:
    for c in b"GET /check/lbsup HTTP/1.0": s.send(bytes([c])); time.sleep(0.1)
except OSError: pass'`},
		{"thousands of good questions", `for i in $(seq 300); do /usr/libexec/keepalived/lbsup-check >/dev/null || exit 1; done`},
	} {
		t.Run(row.name, func(t *testing.T) {
			p.well(t)
			w, log := p.watch(t), journalOf(t, p.first, "keepalived")
			sh(t, p.first, row.client)
			asked.more(t, check, 3)
			p.well(t)
			w.undisturbed(t)
			log.lacks(t, "script", "fail", "state")
		})
	}
}

// Two who apply at once both get a true answer, and one generation is installed.
func TestAppliesAtOnce(t *testing.T) {
	p := up(t, openShift())
	w := p.watch(t)
	before := installed(t, p.first)
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
	p.restore(t)
	w.undisturbed(t)
}

// Without the master CLI, which a unit without -S does not give, an edit is still made live, at the cost of a restart.
func TestNoMasterSocket(t *testing.T) {
	p := up(t, openShift())
	write(t, p.first, "/etc/lbsup/haproxy.env", "EXTRAOPTS=\nOPTIONS=\n", 0o644)
	sh(t, p.first, "systemctl restart haproxy && ! test -e /run/haproxy-master.sock")
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
		p.well(t)
		w.undisturbed(t)
	})
}
