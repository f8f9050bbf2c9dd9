package pair

import (
	"net/netip"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// holds says whether the kernel of a node has every VIP.
func (p *pair) holds(t *testing.T, n *lab.Node) bool {
	t.Helper()
	return p.count(t, n) == len(p.vips)
}

// holdsAny says whether it has one of them.
func (p *pair) holdsAny(t *testing.T, n *lab.Node) bool {
	t.Helper()
	return p.count(t, n) > 0
}

func (p *pair) count(t *testing.T, n *lab.Node) int {
	t.Helper()
	count := 0
	for _, vip := range p.vips {
		if has(t, n, vip) {
			count++
		}
	}
	return count
}

func has(t *testing.T, n *lab.Node, vip netip.Addr) bool {
	t.Helper()
	held, err := n.Holds(vip)
	if err != nil {
		t.Fatal(err)
	}
	return held
}
