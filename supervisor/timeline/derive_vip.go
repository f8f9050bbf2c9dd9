package timeline

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// vips tells of addresses that came or went, as the kernel says. Where lbsup finds one when it starts is told too:
// everything after it builds on that.
func (d *deriving) vips() {
	for _, i := range instances(d.After) {
		for _, vip := range i.Addresses {
			addr := vip.Address.Addr()
			before, knew := present(d.Before, i.Name, addr)
			after, knows := present(d.After, i.Name, addr)
			if !knows || knew && before == after {
				continue
			}
			m := status.Moment{Kind: status.VIPKind, Subject: addr.String(),
				Text:   fmt.Sprintf("%s %s", addr, moved(knew, after)),
				Fields: map[string]string{"instance": i.Name, "here": strconv.FormatBool(after)}}
			if !knew {
				m.Fields["found"] = "true"
			}
			d.tell(m)
		}
	}
}

func moved(knew, here bool) string {
	switch {
	case knew && here:
		return "came to this node"
	case knew:
		return "left this node"
	case here:
		return "is on this node, as lbsup finds it"
	default:
		return "is not on this node, as lbsup finds it"
	}
}

func instances(s state.State) []cluster.Instance {
	if s.Installed.Local == nil {
		return nil
	}
	return s.Installed.Local.VRRP.Instances
}

// present tells whether a node has a VIP of an instance, and whether that is known at all.
func present(s state.State, instance string, addr netip.Addr) (here, known bool) {
	if s.Addresses == nil {
		return false, false
	}
	for _, i := range instances(s) {
		for _, vip := range i.Addresses {
			if i.Name == instance && vip.Address.Addr() == addr {
				return s.Addresses[addr], true
			}
		}
	}
	return false, false
}

// orphans tells of VIPs that stay behind when keepalived is gone, and of their end.
func (d *deriving) orphans() {
	for _, i := range instances(d.After) {
		before, after := orphan(d.Before, i.Name), orphan(d.After, i.Name)
		if before == after {
			continue
		}
		text := "the VIPs of " + i.Name + " are here, and no keepalived that owns them"
		if !after {
			text = "the VIPs of " + i.Name + " are no longer without an owner"
		}
		d.tell(status.Moment{Kind: status.OrphanKind, Subject: i.Name, Text: text, Fields: map[string]string{"to": strconv.FormatBool(after)}})
	}
}

// parting is how long a VIP may outlive its keepalived: systemd and the kernel tell of one end in any order.
const parting = time.Second

func orphan(s state.State, instance string) bool {
	unit, known := s.Units[state.KeepalivedUnit]
	return known && !unit.Running() && s.Ticked.Sub(unit.Since) >= parting && s.Holds(instance)
}
