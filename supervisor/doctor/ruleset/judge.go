package ruleset

import "net/netip"

// Packet is the first one of a connection, or an advert, that comes in on a link.
type Packet struct {
	Interface   string     // empty: any but the loopback one
	Source      netip.Addr // the zero Addr: anybody's
	Destination netip.Addr // the zero Addr: one of the host's own
	IPv6        bool
	Protocol    int
	Port        int // the destination's, of TCP
}

// Decision is what becomes of a packet.
type Decision uint8

// The decisions.
const (
	Accepted Decision = iota
	Dropped
	Unknown // it depends on more than the ruleset and what is known of the packet
)

// Verdict is a decision with the chain that drops, as nft names it: "inet filter input".
type Verdict struct {
	Decision Decision
	Chain    string
}

// outcome is a set of ways in which a rule, or a chain, can end.
type outcome uint8

const (
	accepts outcome = 1 << iota
	drops
	returns // from a chain that was jumped to
	next    // to the next rule
)

// Judge says what becomes of a packet: every base chain at the input hook must accept it.
func (r Ruleset) Judge(p Packet) Verdict {
	verdict := Verdict{}
	for _, name := range r.order {
		if name.family == "ip" && p.IPv6 || name.family == "ip6" && !p.IPv6 {
			continue
		}
		c := r.chains[name]
		got := r.walk(c, p, 0)
		if got&(returns|next) != 0 {
			got = got&^(returns|next) | c.policy
		}
		switch {
		case got == drops:
			return Verdict{Dropped, name.family + " " + name.table + " " + name.name}
		case got&drops != 0:
			verdict.Decision = Unknown
		}
	}
	return verdict
}

// deepest is the kernel's own limit on jumps (NFT_JUMP_STACK_SIZE).
const deepest = 16

func (r Ruleset) walk(c *chain, p Packet, depth int) outcome {
	if c == nil || depth > deepest {
		return accepts | drops | next
	}
	var all outcome
	for _, rule := range c.rules {
		got := r.rule(c, rule, p, depth)
		all |= got &^ next
		if got&next == 0 {
			return all
		}
	}
	return all | next
}

// rule goes through the statements of one rule: what does not match ends it, what may match leaves both ways open.
func (r Ruleset) rule(c *chain, rule []statement, p Packet, depth int) outcome {
	var open outcome // the ways beside the one that is followed
	for _, s := range rule {
		switch s.kind {
		case "match":
			switch r.matches(c, s.body, p) {
			case no:
				return open | next
			case maybe:
				open |= next
			}
		case "accept":
			return open | accepts
		case "drop", "reject":
			return open | drops
		case "return":
			return open | returns
		case "jump", "goto":
			return open | r.jump(c, s, p, depth)
		case "vmap":
			return open | r.verdictMap(c, s.body, p, depth)
		case "limit", "xt", "ct count", "quota", "connlimit", "synproxy", "queue", "fwd", "tproxy":
			open |= next // may end the rule, and what an extension of iptables decides is not told
			if s.kind == "queue" || s.kind == "synproxy" || s.kind == "xt" {
				open |= accepts | drops
			}
		}
	}
	return open | next
}

func (r Ruleset) jump(c *chain, s statement, p Packet, depth int) outcome {
	body, _ := s.body.(map[string]any)
	target, _ := body["target"].(string)
	got := r.walk(r.chains[chainName{c.family, c.table, target}], p, depth+1)
	back := next
	if s.kind == "goto" {
		back = returns // not to the rule behind it, but where this chain was jumped to from
	}
	if got&(returns|next) != 0 {
		got = got&^(returns|next) | back
	}
	return got
}

// verdictMap follows the first element whose key matches.
func (r Ruleset) verdictMap(c *chain, body any, p Packet, depth int) outcome {
	m, _ := body.(map[string]any)
	var open outcome
	for _, element := range r.elements(c, m["data"]) {
		pair, ok := element.([]any)
		if !ok || len(pair) != 2 {
			return accepts | drops | next
		}
		is := r.compare(c, m["key"], pair[0], p)
		if is == no {
			continue
		}
		verdict, _ := pair[1].(map[string]any)
		got := r.rule(c, statements([]map[string]any{verdict}), p, depth)
		if is == yes {
			return open | got
		}
		open |= got
	}
	return open | next
}
