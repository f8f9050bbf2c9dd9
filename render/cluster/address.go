package cluster

import (
	"net/netip"
	"strings"

	"go.yaml.in/yaml/v3"
)

// address is the IP address of a node.
type address netip.Addr

func (a *address) read(n *yaml.Node) *mistake {
	const noun, want = "an address", "an IP address such as 192.0.2.11"
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	parsed, err := netip.ParseAddr(text)
	if err != nil {
		hint := ""
		if strings.Contains(text, "/") {
			hint = "leave the prefix length out"
		}
		return &mistake{"read " + noun, quote(text), want, hint}
	}
	if reason := unusable(parsed); reason != "" {
		return &mistake{"use this address", quote(text) + ", " + reason, "an address of one host", ""}
	}
	*a = address(parsed)
	return nil
}

func (address) describe() property { return property{"type": "string"} }

// network is an address with a prefix length.
type network netip.Prefix

func (p *network) read(n *yaml.Node) *mistake {
	const noun, want = "an address with its prefix length", "one such as 192.0.2.10/24"
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	parsed, err := netip.ParsePrefix(text)
	if err != nil {
		hint := ""
		if a, err := netip.ParseAddr(text); err == nil && a.Is4() {
			// keepalived would take it for a /32, which hides the mistake until the network is asked for.
			hint = "add the prefix length: " + text + "/24 or the like, or " + text + "/32 for the address alone"
		} else if err == nil {
			hint = "add the prefix length: " + text + "/64 or the like, or " + text + "/128 for the address alone"
		}
		return &mistake{"read " + noun, quote(text), want, hint}
	}
	if parsed.Addr().Is4In6() {
		return &mistake{"use this address", quote(text) + ", an IPv4 address written as IPv6", "one such as 192.0.2.10/24", ""}
	}
	*p = network(parsed)
	return nil
}

func (network) describe() property {
	return property{"type": "string", "pattern": `^[0-9A-Fa-f.:]+/[0-9]{1,3}$`}
}

// unusable says why an address can be nobody's own.
func unusable(a netip.Addr) string {
	switch {
	case a.IsUnspecified():
		return "which stands for no address"
	case a.IsMulticast():
		return "a multicast address"
	case a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "the broadcast address"
	case a.Zone() != "":
		return "which has a zone"
	case a.Is4In6():
		return "an IPv4 address written as IPv6"
	default:
		return ""
	}
}
