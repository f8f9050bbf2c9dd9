package cluster

import (
	"fmt"
	"net/netip"
	"time"
)

func (b builder) vrrp() {
	raw := b.raw.VRRP
	out := &b.cluster.VRRP
	*out = VRRP{Version: raw.Version, AdvertInterval: b.advertInterval(raw), Unicast: raw.Unicast,
		Yield: raw.OnSplitBrain == "yield", KeepOrphans: raw.Orphans == "report"}
	if m := raw.Notify.Mail; m != nil {
		out.Mail = &Mail{To: plainTexts(m.To), From: string(m.From), Server: netip.AddrPort(m.Server)}
	}
	names, vips := once[string]{}, once[netip.Addr]{}
	for i, ri := range raw.Instances {
		path := fmt.Sprintf("vrrp.instances[%d]", i)
		if first, again := names.repeated(string(ri.Name), path+".name"); again && ri.Name != "" {
			b.add(path+".name", mistake{"name two instances alike", b.twice(string(ri.Name), first), "a name for each instance", ""})
		}
		out.Instances = append(out.Instances, b.instance(path, ri, vips))
	}
	b.routerIDs()
	b.unicast()
	b.trackedInterfaces()
}

// advertInterval is in whole seconds in version 2 (RFC 3768, section 5.3.7) and in 12 bits of centiseconds in
// version 3 (RFC 5798, section 5.2.7).
func (b builder) advertInterval(raw rawVRRP) time.Duration {
	const path = "vrrp.advert_interval"
	given := time.Duration(raw.AdvertInterval)
	switch {
	case given == 0 && raw.Version == 2:
		return time.Second
	case given == 0:
		return 200 * time.Millisecond
	case raw.Version == 2 && (given%time.Second != 0 || given > 255*time.Second):
		b.add(path, mistake{"send adverts at this interval", brief(given), "whole seconds up to 255s in version 2", "version 3 goes down to 10ms"})
	case raw.Version == 3 && (given%(10*time.Millisecond) != 0 || given > 40950*time.Millisecond):
		b.add(path, mistake{"send adverts at this interval", brief(given), "a multiple of 10ms up to 40.95s", ""})
	}
	return given
}

// routerIDs reports instances that would take each other's adverts for their own. IPv4 and IPv6 do not meet.
func (b builder) routerIDs() {
	type network struct {
		link string
		id   int
		ipv6 bool
	}
	seen := once[network]{}
	for i, instance := range b.cluster.VRRP.Instances {
		path := fmt.Sprintf("vrrp.instances[%d].router_id", i)
		key := network{instance.Interface, instance.RouterID, instance.ipv6()}
		if first, again := seen.repeated(key, path); again && key.id != 0 && key.link != "" {
			b.add(path, mistake{"use a router ID twice on " + quote(key.link), fmt.Sprintf("%d on %s too", key.id, b.line(first)), "an ID for each instance", ""})
		}
	}
}

// unicast reports nodes that cannot send adverts to each other.
func (b builder) unicast() {
	if !b.cluster.VRRP.Unicast || len(b.cluster.Nodes) == 0 {
		return
	}
	first := b.cluster.Nodes[0].Address
	for i, n := range b.cluster.Nodes {
		if n.Address.IsValid() && first.IsValid() && n.Address.Is6() != first.Is6() {
			b.add(fmt.Sprintf("nodes[%d].address", i), mistake{"send unicast adverts between IPv4 and IPv6", quote(n.Address.String()), "the family of " + first.String(), ""})
		}
	}
	for i, instance := range b.cluster.VRRP.Instances {
		if len(instance.Addresses) > 0 && first.IsValid() && instance.ipv6() != first.Is6() {
			b.add(fmt.Sprintf("vrrp.instances[%d].addresses", i), mistake{"move addresses by unicast adverts of another family",
				family(instance.ipv6()) + " addresses", family(first.Is6()) + ", like the nodes", "leave unicast out, or give the nodes addresses of that family"})
		}
	}
}

func family(ipv6 bool) string {
	if ipv6 {
		return "IPv6"
	}
	return "IPv4"
}

func (i Instance) ipv6() bool { return len(i.Addresses) > 0 && i.Addresses[0].Address.Addr().Is6() }
