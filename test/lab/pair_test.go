package lab

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
)

var outsideVIP = netip.MustParseAddr("172.18.100.100")

// The daemons are configured by hand here: this file proves the lab, not lbsup.

const haproxyByHand = `
global
	stats socket /run/haproxy-default.sock mode 660 level admin
defaults
	mode tcp
	timeout connect 1s
	timeout client 10s
	timeout server 10s
listen api
	bind *:6443
	server control0 control0.ocp0.sa.boe:6443 check inter 200ms
	server control1 control1.ocp0.sa.boe:6443 check inter 200ms
`

func keepalivedByHand(priority int) string {
	return fmt.Sprintf(`
vrrp_instance VI_1 {
	state BACKUP
	interface enc1
	virtual_router_id 1
	priority %d
	advert_int 0.2
	version 3
	virtual_ipaddress {
		172.18.100.100/16 dev enc6
		10.131.0.1/14 dev enc5
	}
}
`, priority)
}

// byHand starts the pair and waits until the first node serves the VIP.
func byHand(t *testing.T, l *Lab) (first, second *Node) {
	t.Helper()
	first, second = l.Node("loadbalancer-1"), l.Node("loadbalancer-2")
	for i, node := range []*Node{first, second} {
		write(t, node, "/etc/haproxy/haproxy.cfg", haproxyByHand)
		write(t, node, "/etc/keepalived/keepalived.conf", keepalivedByHand(250-i))
		run(t, node, "systemctl", "restart", "haproxy.service")
		run(t, node, "systemctl", "start", "keepalived.service")
	}
	eventually(t, "the first node holds the VIP alone", func() bool { return holds(t, first) && !holds(t, second) })
	client := l.Client(time.Second)
	eventually(t, "the VIP answers", func() bool {
		_, err := Ask(t.Context(), client, "http://172.18.100.100:6443/")
		return err == nil
	})
	return first, second
}

func holds(t *testing.T, n *Node) bool {
	t.Helper()
	held, err := n.Holds(outsideVIP)
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// The lab boots two hosts like those of a package manager, and the VIP of real daemons moves and returns.
func TestPair(t *testing.T) {
	l := up(t, OpenShift())
	testifies(t, l)
	for _, node := range l.Nodes {
		if state := strings.TrimSpace(run(t, node, "systemctl", "is-system-running")); state != "running" {
			t.Errorf("%s is %q: %s", node.Name, state, run(t, node, "systemctl", "--failed"))
		}
		if name := strings.TrimSpace(run(t, node, "hostname")); name != node.Name {
			t.Errorf("%s calls itself %q", node.Name, name)
		}
	}
	first, second := byHand(t, l)
	probe := l.Probe("http://172.18.100.100:6443/", 5*time.Millisecond, time.Second)
	answers := func() int { return len(NewReport(probe.Report().Samples).Answered()) }
	eventually(t, "both backends answer over the VIP", func() bool { return answers() == 2 })

	t.Run("a stopped keepalived hands the VIP over", func(t *testing.T) {
		run(t, first, "systemctl", "stop", "keepalived.service")
		eventually(t, "the second node holds the VIP", func() bool { return holds(t, second) && !holds(t, first) })
		run(t, first, "systemctl", "start", "keepalived.service")
		eventually(t, "the first node holds it again", func() bool { return holds(t, first) && !holds(t, second) })
	})
	t.Run("a cut link makes two holders, and healing it one", func(t *testing.T) {
		if err := first.Cut(t.Context(), "enc1"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the second node holds the VIP", func() bool { return holds(t, second) })
		if err := first.Heal(t.Context(), "enc1"); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the first node holds it alone", func() bool { return holds(t, first) && !holds(t, second) })
	})
	t.Run("the death of a host", func(t *testing.T) {
		if err := first.PowerOff(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the second node holds the VIP", func() bool { return holds(t, second) && !holds(t, first) })
		if _, err := first.Run(t.Context(), "true"); err == nil {
			t.Error("a dead host runs commands")
		}
		if err := first.Boot(t.Context()); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the first node is back with its files", func() bool { return holds(t, first) && !holds(t, second) })
	})

	report := probe.Stop()
	t.Log(report)
	if report.Sent == report.Failed || report.Sent < 100 {
		t.Errorf("the probe saw nothing: %v", report)
	}
	for _, node := range l.Nodes {
		if journal, err := node.Journal(t.Context(), "keepalived.service"); err != nil || !strings.Contains(journal, "VI_1") {
			t.Errorf("%s: no journal of keepalived: %v: %q", node.Name, err, journal)
		}
	}
}
