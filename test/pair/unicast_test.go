package pair

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Three nodes that know each other by unicast share two VIPs. When one dies, another has its VIP; nobody ever needs both.
func TestUnicast(t *testing.T) {
	p := boot(t, hyperconverged())
	p.configure(t)
	api, ingress := p.vips[0], p.vips[1]
	p.settles(t, api, "master-0")
	p.settles(t, ingress, "master-1")
	p.tells(t, p.Node("master-2"), []string{"cluster ocp1, this node master-2", "ocp1_API", "this node is BACKUP"})
	t.Run("the API's node dies", func(t *testing.T) {
		if err := p.Node("master-0").PowerOff(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.settles(t, api, "master-1")
		p.settles(t, ingress, "master-1")
		if err := p.Node("master-0").Boot(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.settles(t, api, "master-0")
		p.settles(t, ingress, "master-1")
	})
	t.Run("keepalived of the ingress's node is stopped", func(t *testing.T) {
		node := p.Node("master-1")
		sh(t, node, "systemctl stop keepalived")
		p.settles(t, ingress, "master-2")
		p.settles(t, api, "master-0")
		sh(t, node, "systemctl start keepalived")
		p.settles(t, ingress, "master-1")
	})
}

// settles waits until a VIP is on exactly one node.
func (p *pair) settles(t *testing.T, vip netip.Addr, name string) {
	t.Helper()
	var holders []string
	defer func() {
		if t.Failed() {
			t.Logf("%s is on %s (-want +got):\n%s", vip, strings.Join(holders, ", "), cmp.Diff([]string{name}, holders))
		}
	}()
	eventually(t, vip.String()+" is on "+name+" alone", func() bool {
		holders = nil
		for _, node := range p.nodes() {
			if has(t, node, vip) {
				holders = append(holders, node.Name)
			}
		}
		return len(holders) == 1 && holders[0] == name
	})
}
