package cluster

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

func (b builder) instance(path string, raw rawInstance, vips once[netip.Addr]) Instance {
	out := Instance{
		Name: string(raw.Name), RouterID: raw.RouterID, Interface: string(raw.Interface), Preempt: raw.Preempt,
		Addresses: b.vips(path, raw, vips), Prefer: b.prefer(path, raw.Prefer), Track: b.track(path, raw.Track),
		PreemptDelay: time.Duration(raw.PreemptDelay), Hold: raw.Hold,
	}
	if _, written := b.places[path+".preempt_delay"]; written && !raw.Preempt {
		b.add(path+".preempt_delay", mistake{"wait before taking back what is never taken back", "preempt_delay with preempt: false", "one of the two", ""})
	}
	if out.Interface == "lo" { // keepalived ignores such an instance and goes on with the others
		b.add(path+".interface", mistake{"send adverts on the loopback interface", quote("lo"), "an interface that the nodes meet on", ""})
	}
	if raw.Auth != nil {
		out.Auth = &Auth{Type: raw.Auth.Type, PasswordFile: string(raw.Auth.PasswordFile)}
		b.secret(path+".auth.password_file", out.Auth.PasswordFile, true)
		if b.raw.VRRP.Version == 3 {
			b.add(path+".auth", mistake{"authenticate in VRRP version 3", "auth", "none", "only version 2 has it: write version: 2 under vrrp"})
		}
	}
	return out
}

// prefer completes the order of the nodes by those that it leaves out.
func (b builder) prefer(path string, raw []hostName) []string {
	seen := once[string]{}
	var out []string
	for i, name := range plainTexts(raw) {
		at := fmt.Sprintf("%s.prefer[%d]", path, i)
		if _, again := seen.repeated(name, at); name == "" {
			continue
		} else if again {
			b.add(at, mistake{"prefer a node twice", quote(name), "each node once", ""})
			continue
		}
		if !slices.Contains(b.nodeNames(), name) {
			b.add(at, mistake{"find this node", quote(name), oneOf(b.nodeNames()), b.near(name, b.nodeNames())})
		}
		out = append(out, name)
	}
	for _, name := range b.nodeNames() {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (b builder) vips(path string, raw rawInstance, all once[netip.Addr]) (out []VIP) {
	for i, rv := range raw.Addresses {
		at := fmt.Sprintf("%s.addresses[%d]", path, i)
		vip := VIP{Address: netip.Prefix(rv.Address), Interface: string(rv.Interface), Label: string(rv.Label)}
		if vip.Interface == "" {
			vip.Interface = string(raw.Interface)
		}
		if vip.Address.IsValid() {
			b.vip(at+".address", vip.Address, all)
			if len(out) > 0 && out[0].Address.IsValid() && out[0].Address.Addr().Is6() != vip.Address.Addr().Is6() {
				b.add(at+".address", mistake{"mix IPv4 and IPv6 in one instance", quote(vip.Address.String()), "the family of " + out[0].Address.String(), "use two instances"})
			}
		}
		b.label(at+".label", vip)
		out = append(out, vip)
	}
	return out
}

func (b builder) vip(path string, vip netip.Prefix, all once[netip.Addr]) {
	a := vip.Addr()
	if why := implausible(vip); why != "" {
		b.add(path, mistake{"use this virtual address", quote(vip.String()) + ", " + why, "the address of a host with the length of its network", ""})
	}
	if a.Is6() && b.raw.VRRP.Version == 2 {
		b.add(path, mistake{"move an IPv6 address in VRRP version 2", quote(vip.String()), "IPv4", "write version: 3 under vrrp"})
	}
	if first, again := all.repeated(a, path); again {
		b.add(path, mistake{"use a virtual address twice", b.twice(a.String(), first), "it once", ""})
	}
	for i, n := range b.cluster.Nodes {
		if n.Address == a {
			b.add(path, mistake{"use a node's own address as a virtual one", fmt.Sprintf("%s, the address of nodes[%d]", quote(a.String()), i), "an address that no host has", ""})
		}
	}
}

// implausible says why an address with its prefix cannot be meant.
func implausible(vip netip.Prefix) string {
	a, whole := vip.Addr(), vip.Addr().BitLen()
	if why := unusable(a); why != "" {
		return why
	}
	switch {
	case a.IsLoopback():
		return "a loopback address"
	case vip.Bits() < 8:
		return "a network larger than any"
	case vip.Bits() < whole-1 && vip.Masked().Addr() == a:
		return "which is the network itself"
	case a.Is4() && vip.Bits() < 31 && !vip.Contains(a.Next()):
		return "the broadcast address of its network"
	default:
		return ""
	}
}

// label checks what the kernel and ifconfig expect of a label: that it begins with its interface. IPv6 has none.
func (b builder) label(path string, vip VIP) {
	switch {
	case vip.Label == "":
	case vip.Address.IsValid() && vip.Address.Addr().Is6():
		b.add(path, mistake{"label an IPv6 address", quote(vip.Label), "no label", ""})
	case vip.Interface != "" && !(strings.HasPrefix(vip.Label, vip.Interface+":") && len(vip.Label) > len(vip.Interface)+1):
		b.add(path, mistake{"use this label", quote(vip.Label), "one that begins with " + quote(vip.Interface+":"), ""})
	}
}
