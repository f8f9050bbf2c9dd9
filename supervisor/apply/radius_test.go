package apply

import (
	"strings"
	"testing"
)

func TestLargeLossesAreMeant(t *testing.T) {
	h := newHost(t)
	pair := clusterFile(80)
	h.saves(pair)
	h.applied("reload")
	h.saves(strings.ReplaceAll(pair, "192.0.2.10/24", "192.0.2.9/24"))
	const lost = `cannot take away so much at once: vrrp.instances: VI_1 loses the VIP 192.0.2.10`
	before := h.haproxy() + h.keepalived()
	r := h.refused("reload", StageRadius, lost)
	if r.Problems[0].Hint != "if that is meant: lbsup reload --force" || h.haproxy()+h.keepalived() != before {
		t.Errorf("got %+v", r)
	}
	h.refused("overwrite", StageRadius, lost)
	if r := h.applied("force"); !r.Keepalived {
		t.Errorf("got %+v", r)
	}
	h.saves(pair)
	h.writes("etc/haproxy/haproxy.cfg", "# edited\n")
	h.refused("force", StageDrift, `cannot replace "ROOT/etc/haproxy/haproxy.cfg": it was edited by hand since generation 4 installed it`)
	h.applied("overwrite-force")
	h.applied("rollback-4") // whoever names a generation means it
	h.clean()
}

// What is handed over to hand-written files is not lost; the VIPs are not handed over.
func TestServicesHandedOver(t *testing.T) {
	h := newHost(t)
	h.applied("reload")
	h.writes("etc/haproxy/haproxy.cfg", byHand)
	h.handsOver()
	h.applied("reload")
	h.saves(strings.Replace(h.reads("etc/lbsup/lbsup.yaml"), "192.0.2.10", "192.0.2.13", 1))
	h.refused("reload", StageRadius, "cannot take away so much at once: vrrp.instances: VI_1 loses the VIP 192.0.2.10")
}
