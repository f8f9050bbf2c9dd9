package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// Sysctl is one setting of the kernel.
type Sysctl struct {
	Key   string `json:"key"` // as sysctl(8) spells it: the dots of an interface's name are slashes
	Value string `json:"value"`
	Why   string `json:"why"`
}

const reservedPorts = "net.ipv4.ip_local_reserved_ports"

// Path is where the kernel keeps the setting.
func (s Sysctl) Path() string { return sysctlPath(s.Key) }

func sysctlPath(key string) string {
	return "/proc/sys/" + strings.NewReplacer(".", "/", "/", ".").Replace(key)
}

// Met says whether what the kernel has now is enough. read returns a setting by its path, or nothing.
func (s Sysctl) Met(read func(path string) string) bool {
	now := read(s.Path())
	switch {
	case now == "" && s.Key != reservedPorts:
		return false // there is no such setting: no such interface, or no such kernel
	case s.Key == reservedPorts:
		return Union(now, s.Value) == Union(now, "")
	case strings.HasSuffix(s.Key, ".rp_filter"):
		// The higher one of all and the interface counts, and 1 is the strict one (ip-sysctl in the kernel's documentation).
		all := read(sysctlPath("net.ipv4.conf.all.rp_filter"))
		return max(now, all) != "1"
	default:
		return now == s.Value
	}
}

// Wanted is what to set where the kernel has something now: lists keep what others have put there.
func (s Sysctl) Wanted(now string) string {
	if s.Key == reservedPorts {
		return Union(now, s.Value)
	}
	return s.Value
}

func (n *Needs) sysctls(l *cluster.Local) {
	n.reversePath(l)
	n.reserved()
	n.ipv6(l)
	handWritten := len(l.HAProxy.Files) > 0
	for _, family := range []string{"ipv4", "ipv6"} {
		if !handWritten && (family == "ipv4" || hasIPv6(l)) {
			n.Unneeded = append(n.Unneeded, Sysctl{"net." + family + ".ip_nonlocal_bind", "1",
				"HAProxy binds a VIP as transparent, which it may without the VIP being here; this would let every program use foreign addresses"})
		}
	}
	n.Unneeded = append(n.Unneeded, Sysctl{"net.ipv4.ip_forward", "1", "a proxy ends each connection and begins another: no packet is forwarded"})
}

// reversePath loosens the check of source addresses where a VIP brings a network that the peers' adverts do not come in by: with the strict one the
// holder of such a VIP is deaf to its peers (RFC 3704).
func (n *Needs) reversePath(l *cluster.Local) {
	for _, a := range n.Adverts {
		if a.IPv6 {
			continue
		}
		key := "net.ipv4.conf." + sysctlName(a.Interface) + ".rp_filter"
		if slices.ContainsFunc(n.Sysctls, func(s Sysctl) bool { return s.Key == key }) {
			continue
		}
		if peer, vip, found := crossed(l, a.Interface); found {
			n.Sysctls = append(n.Sysctls, Sysctl{key, "2", fmt.Sprintf("adverts from %s come in on %s, while the VIP %s on %s makes the kernel expect them there",
				peer.Address, a.Interface, vip.Address, vip.Interface)})
		}
	}
}

func crossed(l *cluster.Local, link string) (cluster.Node, cluster.VIP, bool) {
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			for _, p := range l.Peers {
				if v.Interface != link && v.Address.Contains(p.Address) {
					return p, v, true
				}
			}
		}
	}
	return cluster.Node{}, cluster.VIP{}, false
}

func sysctlName(link string) string { return strings.ReplaceAll(link, ".", "/") }

// reserved keeps outgoing connections away from the ports that HAProxy and lbsup listen on: Linux takes theirs from 32768 to 60999 unless told otherwise, and
// HAProxy does not start while one of its ports is taken.
func (n *Needs) reserved() {
	var ports, names []string
	for _, p := range slices.Concat(n.Ports, n.Own) {
		number := strconv.Itoa(int(p.Number))
		if p.Number >= 32768 && p.Number <= 60999 && !slices.Contains(ports, number) {
			ports = append(ports, number)
			names = append(names, p.For)
		}
	}
	if len(ports) > 0 {
		n.Sysctls = append(n.Sysctls, Sysctl{reservedPorts, Union("", strings.Join(ports, ",")),
			"an outgoing connection may take the port of " + strings.Join(names, ", ") + " before it is listened on"})
	}
}

func (n *Needs) ipv6(l *cluster.Local) {
	var done []string
	for _, i := range l.VRRP.Instances {
		for _, v := range i.Addresses {
			for _, link := range []string{i.Interface, v.Interface} {
				if !v.Address.Addr().Is6() || slices.Contains(done, link) {
					continue
				}
				done = append(done, link)
				n.Sysctls = append(n.Sysctls, Sysctl{"net.ipv6.conf." + sysctlName(link) + ".disable_ipv6", "0",
					fmt.Sprintf("%s needs IPv6 on %s", v.Address.Addr(), link)})
			}
		}
	}
}

func hasIPv6(l *cluster.Local) bool {
	return slices.ContainsFunc(l.VRRP.Instances, func(i cluster.Instance) bool { return i.Addresses[0].Address.Addr().Is6() })
}
