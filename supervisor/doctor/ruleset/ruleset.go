package ruleset

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Ruleset is what nft -j list ruleset prints (libnftables-json(5)), as far as it judges what comes in.
type Ruleset struct {
	chains map[chainName]*chain
	order  []chainName // of the base chains at the input hook
	sets   map[chainName][]any
}

type chainName struct{ family, table, name string }

type chain struct {
	chainName
	policy outcome
	rules  [][]statement
}

// statement is one object of a rule's list: its only key says what it is.
type statement struct {
	kind string
	body any
}

type rawObject struct {
	Chain *struct {
		Family, Table, Name, Hook, Policy string
	} `json:"chain"`
	Rule *struct {
		Family, Table, Chain string
		Expr                 []map[string]any
	} `json:"rule"`
	Set *rawSet `json:"set"`
	Map *rawSet `json:"map"`
}

type rawSet struct {
	Family, Table, Name string
	Elem                []any
}

// Parse reads a ruleset.
func Parse(data []byte) (Ruleset, error) {
	var raw struct{ Nftables []rawObject }
	if err := json.Unmarshal(data, &raw); err != nil {
		return Ruleset{}, fmt.Errorf("cannot read the nftables ruleset: %v", err)
	}
	r := Ruleset{chains: map[chainName]*chain{}, sets: map[chainName][]any{}}
	for _, o := range raw.Nftables {
		switch {
		case o.Chain != nil:
			r.addChain(chainName{o.Chain.Family, o.Chain.Table, o.Chain.Name}, o.Chain.Hook, o.Chain.Policy)
		case o.Set != nil:
			r.sets[chainName{o.Set.Family, o.Set.Table, o.Set.Name}] = o.Set.Elem
		case o.Map != nil:
			r.sets[chainName{o.Map.Family, o.Map.Table, o.Map.Name}] = o.Map.Elem
		}
	}
	for _, o := range raw.Nftables { // a rule may stand before a chain that it leads to
		if o.Rule != nil {
			if c := r.chains[chainName{o.Rule.Family, o.Rule.Table, o.Rule.Chain}]; c != nil {
				c.rules = append(c.rules, statements(o.Rule.Expr))
			}
		}
	}
	return r, nil
}

func (r *Ruleset) addChain(name chainName, hook, policy string) {
	c := &chain{chainName: name, policy: accepts}
	if policy == "drop" {
		c.policy = drops
	}
	r.chains[name] = c
	if hook == "input" && slices.Contains([]string{"ip", "ip6", "inet"}, name.family) {
		r.order = append(r.order, name)
	}
}

func statements(raw []map[string]any) (out []statement) {
	for _, object := range raw {
		for kind, body := range object {
			out = append(out, statement{kind, body})
		}
	}
	return out
}

// Judges says whether any chain judges what comes in.
func (r Ruleset) Judges() bool { return len(r.order) > 0 }

// Only is the ruleset with no base chains but those in tables of a name: what these alone do with a packet.
func (r Ruleset) Only(table string) Ruleset {
	return r.where(func(c chainName) bool { return c.table == table })
}

// Without is the ruleset with no base chains in tables of a name.
func (r Ruleset) Without(table string) Ruleset {
	return r.where(func(c chainName) bool { return c.table != table })
}

func (r Ruleset) where(keep func(chainName) bool) Ruleset {
	var order []chainName
	for _, name := range r.order {
		if keep(name) {
			order = append(order, name)
		}
	}
	r.order = order
	return r
}
