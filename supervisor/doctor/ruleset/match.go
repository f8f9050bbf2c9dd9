package ruleset

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// truth has a third value for what neither the ruleset nor the packet tells.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func is(b bool) truth {
	if b {
		return yes
	}
	return no
}

func not(t truth) truth { return yes - t }

// matches judges a match statement.
func (r Ruleset) matches(c *chain, body any, p Packet) truth {
	m, _ := body.(map[string]any)
	got := r.compare(c, m["left"], m["right"], p)
	switch op, _ := m["op"].(string); op {
	case "==", "in":
		return got
	case "!=":
		return not(got)
	default:
		return maybe
	}
}

// compare says whether the packet's part that left names is right, or one of right.
func (r Ruleset) compare(c *chain, left, right any, p Packet) truth {
	parts, kind := property(left, p)
	if kind == absent {
		return no
	}
	if kind == untold {
		return maybe
	}
	found := no
	for _, want := range r.elements(c, right) {
		if kind == afar && want != "lo" {
			found = max(found, maybe)
		}
		for _, part := range parts {
			found = max(found, equal(part, want))
		}
	}
	return found
}

// elements are the members of a set, be it written in place or elsewhere, or the one value that it is.
func (r Ruleset) elements(c *chain, value any) []any {
	switch v := value.(type) {
	case string:
		if name, named := strings.CutPrefix(v, "@"); named {
			return plain(r.sets[chainName{c.family, c.table, name}])
		}
	case []any:
		return plain(v)
	case map[string]any:
		if set, ok := v["set"]; ok {
			return r.elements(c, set)
		}
	}
	return []any{value}
}

// plain takes timeouts, counters and comments off elements.
func plain(elements []any) []any {
	out := slices.Clone(elements)
	for i, e := range out {
		if m, ok := e.(map[string]any); ok {
			if inner, ok := m["elem"].(map[string]any); ok {
				out[i] = inner["val"]
			}
		}
	}
	return out
}

type knowledge uint8

const (
	told   knowledge = iota
	untold           // it depends on the packet, or on the host
	absent           // such a packet has no such part
	afar             // an interface, which one is untold: not the loopback one, for what is sent on it never leaves this host
)

// property is a part of a packet, in each of its spellings.
func property(left any, p Packet) ([]string, knowledge) {
	m, _ := left.(map[string]any)
	if meta, ok := m["meta"].(map[string]any); ok {
		key, _ := meta["key"].(string)
		return metadata(key, p)
	}
	if ct, ok := m["ct"].(map[string]any); ok {
		switch key, _ := ct["key"].(string); key {
		case "state":
			return []string{"new"}, told
		case "status":
			return []string{"none"}, told // nobody has translated its address: it is for this host
		}
		return nil, untold
	}
	if payload, ok := m["payload"].(map[string]any); ok {
		protocol, _ := payload["protocol"].(string)
		field, _ := payload["field"].(string)
		return header(protocol, field, p)
	}
	return nil, untold
}

func metadata(key string, p Packet) ([]string, knowledge) {
	switch key {
	case "iifname", "iif":
		if p.Interface == "" {
			return nil, afar
		}
		return []string{p.Interface}, told
	case "l4proto":
		return protocolNames(p.Protocol), told
	case "nfproto":
		return []string{map[bool]string{false: "ipv4", true: "ipv6"}[p.IPv6]}, told
	case "protocol":
		return []string{map[bool]string{false: "ip", true: "ip6"}[p.IPv6]}, told
	case "pkttype":
		if p.Destination.IsMulticast() {
			return []string{"multicast"}, told
		}
		return []string{"host", "unicast"}, told
	}
	return nil, untold
}

func header(protocol, field string, p Packet) ([]string, knowledge) {
	switch {
	case protocol == "ip" && p.IPv6, protocol == "ip6" && !p.IPv6:
		return nil, absent
	case protocol == "ip" && field == "protocol", protocol == "ip6" && field == "nexthdr":
		return protocolNames(p.Protocol), told
	case (protocol == "ip" || protocol == "ip6") && field == "saddr" && p.Source.IsValid():
		return []string{p.Source.String()}, told
	case (protocol == "ip" || protocol == "ip6") && field == "daddr" && p.Destination.IsValid():
		return []string{p.Destination.String()}, told
	case protocol == "tcp" || protocol == "udp" || protocol == "icmp" || protocol == "icmpv6":
		if !slices.Contains(protocolNames(p.Protocol), protocol) {
			return nil, absent
		}
		if field == "dport" {
			return []string{strconv.Itoa(p.Port)}, told
		}
	case protocol == "th" && field == "dport" && p.Port != 0:
		return []string{strconv.Itoa(p.Port)}, told
	}
	return nil, untold
}

// protocolNames are the spellings of a protocol: nft prints the name where /etc/protocols has one.
func protocolNames(number int) []string {
	names := map[int]string{1: "icmp", 6: "tcp", 17: "udp", 51: "ah", 58: "icmpv6", 112: "vrrp"}
	out := []string{strconv.Itoa(number)}
	if name := names[number]; name != "" {
		out = append(out, name)
	}
	if number == 58 {
		out = append(out, "ipv6-icmp")
	}
	return out
}

// equal says whether a part of a packet is, or lies in, what a rule names.
func equal(part string, want any) truth {
	switch w := want.(type) {
	case string:
		if prefix, wild := strings.CutSuffix(w, "*"); wild {
			return is(strings.HasPrefix(part, prefix))
		}
		return is(strings.EqualFold(part, w))
	case float64, json.Number:
		return is(part == fmt.Sprint(w))
	case map[string]any:
		if bounds, ok := w["range"].([]any); ok && len(bounds) == 2 {
			return between(part, fmt.Sprint(bounds[0]), fmt.Sprint(bounds[1]))
		}
		if prefix, ok := w["prefix"].(map[string]any); ok {
			network, err := netip.ParsePrefix(fmt.Sprintf("%v/%v", prefix["addr"], prefix["len"]))
			address, err2 := netip.ParseAddr(part)
			if err == nil && err2 == nil {
				return is(network.Contains(address))
			}
		}
	}
	return maybe
}

func between(part, from, to string) truth {
	if n, err := strconv.Atoi(part); err == nil {
		low, err := strconv.Atoi(from)
		high, err2 := strconv.Atoi(to)
		if err == nil && err2 == nil {
			return is(low <= n && n <= high)
		}
		return no // a number is no name's neighbor: the other spelling of a protocol
	}
	address, err := netip.ParseAddr(part)
	low, err2 := netip.ParseAddr(from)
	high, err3 := netip.ParseAddr(to)
	if err != nil || err2 != nil || err3 != nil {
		return no
	}
	return is(low.Compare(address) <= 0 && address.Compare(high) <= 0)
}
