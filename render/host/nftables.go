package host

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Rules are the same openings as rules of nftables, for the chain that judges what comes in: an accept in a table of its own would not overrule a
// drop in another one (nft(8), "hook").
func (n Needs) Rules() (out []string) {
	for _, a := range n.Adverts {
		out = append(out, a.rule())
	}
	out = sorted(out)
	n.Ports = open(n.Ports)
	for len(n.Ports) > 0 {
		var alike []Port
		first := n.Ports[0]
		same := func(p Port) bool { return p.Address == first.Address && slices.Equal(p.Interfaces, first.Interfaces) }
		for _, p := range n.Ports {
			if same(p) {
				alike = append(alike, p)
			}
		}
		n.Ports = slices.DeleteFunc(slices.Clone(n.Ports), same)
		out = append(out, portsRule(alike))
	}
	for _, p := range open(n.Own) {
		out = append(out, p.rule())
	}
	return out
}

func (a Adverts) rule() string {
	family := map[bool]string{false: "ip", true: "ip6"}[a.IPv6]
	where := fmt.Sprintf("iifname %q %s daddr %s", a.Interface, family, a.group())
	if len(a.From) > 0 {
		where = fmt.Sprintf("iifname %q %s saddr %s", a.Interface, family, set(texts(a.From)))
	}
	return where + " meta l4proto " + a.number() + " accept"
}

// number is the protocol for nft, which knows names only where there is an /etc/protocols.
func (a Adverts) number() string {
	if a.Authenticated {
		return "51"
	}
	return "112"
}

func portsRule(ports []Port) string {
	var words, numbers []string
	first := ports[0]
	if len(first.Interfaces) > 0 {
		var names []string
		for _, link := range first.Interfaces {
			names = append(names, `"`+link+`"`)
		}
		words = append(words, "iifname "+set(names))
	}
	if a := first.Address; a.Is4() {
		words = append(words, "ip daddr "+a.String())
	} else if a.Is6() {
		words = append(words, "ip6 daddr "+a.String())
	}
	for _, p := range ports {
		numbers = append(numbers, fmt.Sprint(p.Number))
	}
	return strings.Join(append(words, "tcp dport "+set(slices.Compact(numbers)), "accept"), " ")
}

func set(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return "{ " + strings.Join(words, ", ") + " }"
}

func texts(all []netip.Addr) (out []string) {
	for _, a := range all {
		out = append(out, a.String())
	}
	return out
}
