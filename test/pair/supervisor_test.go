package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

const (
	stopSupervisor  = "systemctl stop lbsup-health.socket lbsup-control.socket lbsup.service"
	startSupervisor = "systemctl start lbsup.service"
	scriptFailed    = "VRRP_Script(lbsup) failed"
)

// A supervisor that ends and comes back is no event for the VIPs, nor for the checks.
func TestSupervisorComesBack(t *testing.T) {
	p := up(t, openShift())
	asked := []*starts{watchStarts(t, p.first), watchStarts(t, p.second)}
	for _, row := range []struct {
		name, command string
	}{
		{"killed", "kill -9 $(systemctl show -P MainPID lbsup)"},
		{"killed ten times", `for i in 1 2 3 4 5 6 7 8 9 10; do
			old=$(systemctl show -P MainPID lbsup); kill -9 $old
			until new=$(systemctl show -P MainPID lbsup); [ $new != 0 ] && [ $new != $old ] && systemctl is-active --quiet lbsup; do :; done
		done`},
		{"restarted ten times", "for i in 1 2 3 4 5 6 7 8 9 10; do systemctl restart lbsup; done"},
		{"stopped and started", "systemctl stop lbsup && systemctl start lbsup"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p.well(t)
			before := p.supervisors(t)
			w, logs := p.watch(t), p.keepalivedLogs(t)
			for _, node := range p.nodes() {
				sh(t, node, "echo '# of a reload in the middle of which lbsup was killed' >>/run/lbsup/servers.state; "+row.command)
			}
			eventually(t, "both supervisors are others than before", func() bool { return p.renewed(t, before) })
			p.well(t)
			for _, node := range p.nodes() {
				eventually(t, "the file for a new worker is empty", func() bool { return sh(t, node, "grep -c killed /run/lbsup/servers.state; true") == "0" })
			}
			for _, node := range asked {
				node.more(t, check, 3) // a check that failed would be told by now
			}
			w.undisturbed(t)
			for _, log := range logs {
				log.lacks(t, "fail", "state", "script")
			}
		})
	}
}

func (p *pair) keepalivedLogs(t *testing.T) []journal {
	t.Helper()
	return []journal{journalOf(t, p.first, "keepalived"), journalOf(t, p.second, "keepalived")}
}

// supervisors are the process IDs of lbsup on both nodes.
func (p *pair) supervisors(t *testing.T) []string {
	t.Helper()
	return []string{mainPID(t, p.first, "lbsup"), mainPID(t, p.second, "lbsup")}
}

func (p *pair) renewed(t *testing.T, before []string) bool {
	t.Helper()
	for i, pid := range p.supervisors(t) {
		if pid == "0" || pid == before[i] {
			return false
		}
	}
	return true
}

func mainPID(t *testing.T, n *lab.Node, unit string) string {
	t.Helper()
	return sh(t, n, "systemctl show -P MainPID "+unit)
}

// A supervisor that hangs answers no check until the watchdog has replaced it. That is longer than keepalived waits, so the supervised
// peer may take over meanwhile; the client is answered all the time.
func TestSupervisorHangs(t *testing.T) {
	p := up(t, openShift())
	before := mainPID(t, p.first, "lbsup")
	w := p.watch(t)
	sh(t, p.first, "kill -STOP "+before)
	eventually(t, "the watchdog has replaced the supervisor", func() bool {
		pid := mainPID(t, p.first, "lbsup")
		return pid != "0" && pid != before
	})
	p.well(t)
	p.bounded(t, w, false)
}

// A supervisor that is gone for good only lowers: its node goes on serving where nobody is better.
func TestSupervisorGone(t *testing.T) {
	p := up(t, openShift())
	t.Run("on the holder the supervised peer takes over", func(t *testing.T) {
		p.well(t)
		w, log := p.watch(t), journalOf(t, p.first, "keepalived")
		sh(t, p.first, stopSupervisor)
		log.has(t, scriptFailed)
		eventually(t, "the second node holds the VIPs alone", func() bool { return p.holds(t, p.second) && !p.holdsAny(t, p.first) })
		if out, code := try(t, p.first, "lbsup status"); code != 3 || !strings.Contains(out, "not running") {
			t.Errorf("without a supervisor, status ended with %d: %s", code, out)
		}
		sh(t, p.first, startSupervisor)
		p.well(t)
		p.bounded(t, w, false)
	})
	t.Run("on the standby and then on the holder nothing moves", func(t *testing.T) {
		p.well(t)
		w := p.watch(t)
		for _, node := range []*lab.Node{p.second, p.first} {
			log := journalOf(t, node, "keepalived")
			sh(t, node, stopSupervisor)
			log.has(t, scriptFailed)
		}
		w.undisturbed(t)
		if !p.holds(t, p.first) {
			t.Error("the VIP has left the first node")
		}
		for _, node := range p.nodes() {
			sh(t, node, startSupervisor)
		}
		p.well(t)
	})
	t.Run("on both and then HAProxy is killed, nothing moves and HAProxy comes back", func(t *testing.T) {
		p.well(t)
		for _, node := range p.nodes() {
			sh(t, node, stopSupervisor)
		}
		w := p.follow(t, p.vips[0])
		sh(t, p.first, "kill -9 $(pidof haproxy) || :")
		client := p.Client(patience)
		eventually(t, "the VIP answers again", func() bool { _, err := lab.Ask(t.Context(), client, p.url); return err == nil })
		if w.now().vacant() > mostTwice {
			t.Errorf("nobody held the VIP for %v", w.now().vacant())
		}
		for _, node := range p.nodes() {
			sh(t, node, startSupervisor)
		}
		p.well(t)
	})
}
