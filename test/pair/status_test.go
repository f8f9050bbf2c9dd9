package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// lbsup status tells a person who has never seen it where the VIPs are, why, and what is wrong.
func TestStatus(t *testing.T) {
	p := up(t, openShift())
	for _, row := range []struct {
		name          string
		breaks, mends string // on the first node
		first, second []string
	}{
		{
			name: "all is well",
			first: []string{
				"cluster ocp0, this node loadbalancer-1, well",
				"VI_1 on this node", "MASTER, priority 253",
				"this node is the preferred one and is well",
				"172.18.100.100/16 on enc6",
				"api-server tcp *:6443 4 of 4 up",
			},
			second: []string{
				"cluster ocp0, this node loadbalancer-2, well",
				"VI_1 on loadbalancer-1, this node is BACKUP",
				"this node stands by and is well",
			},
		},
		{
			name: "HAProxy is stopped", breaks: "systemctl stop haproxy", mends: "systemctl start haproxy",
			first: []string{
				"this node loadbalancer-1, not well",
				"VI_1 on loadbalancer-2, this node is in FAULT",
				"HAProxy or another check that this node cannot do without has failed here",
				"HAProxy stopped for",
				"haproxy.service was stopped by hand", "`systemctl start haproxy.service` starts it again",
			},
			second: []string{"VI_1 on this node", "loadbalancer-1, which is preferred, does not claim them"},
		},
		{
			name: "keepalived is stopped", breaks: "systemctl stop keepalived", mends: "systemctl start keepalived",
			first: []string{
				"this node loadbalancer-1, not well", "VI_1 on loadbalancer-2, this node is stopped", "keepalived does not run on this node", "keepalived stopped for",
				"keepalived.service was stopped by hand", "`systemctl start keepalived.service` starts it again",
			},
			second: []string{"VI_1 on this node", "MASTER, priority 250"},
		},
		{
			name: "lbsup was restarted", breaks: "systemctl restart lbsup",
			first:  []string{"this node loadbalancer-1, well", "VI_1 on this node", "MASTER, priority 253"},
			second: []string{"VI_1 on loadbalancer-1, this node is BACKUP"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			p.well(t)
			if row.breaks != "" {
				sh(t, p.first, row.breaks)
			}
			p.tells(t, p.first, row.first)
			p.tells(t, p.second, row.second)
			if row.mends != "" {
				sh(t, p.first, row.mends)
			}
			p.well(t)
		})
	}
}

// tells waits until status has every one of the texts, its columns as wide as may be.
func (p *pair) tells(t *testing.T, n *lab.Node, texts []string) {
	t.Helper()
	p.says(t, n, strings.Join(texts, ", "), func(said string, _ int) bool {
		return containsAll(strings.Join(strings.Fields(said), " "), texts...)
	})
}
