package cluster

import (
	"fmt"
	"net/netip"
	"strings"
)

func (b builder) nodes() {
	names, addresses := once[string]{}, once[netip.Addr]{}
	for i, raw := range b.raw.Nodes {
		path := fmt.Sprintf("nodes[%d]", i)
		n := Node{Name: string(raw.Name), Address: netip.Addr(raw.Address)}
		if first, again := names.repeated(strings.ToLower(n.Name), path+".name"); again && n.Name != "" {
			b.add(path+".name", mistake{"name two nodes alike", b.twice(n.Name, first), "a name for each node", ""})
		}
		if first, again := addresses.repeated(n.Address, path+".address"); again && n.Address.IsValid() {
			b.add(path+".address", mistake{"give two nodes one address", b.twice(n.Address.String(), first), "an address for each node", ""})
		}
		b.cluster.Nodes = append(b.cluster.Nodes, n)
	}
}

func (b builder) nodeNames() (out []string) {
	for _, n := range b.cluster.Nodes {
		out = append(out, n.Name)
	}
	return out
}

// once remembers where each value was first written.
type once[T comparable] map[T]string

// repeated says where a value was written before; the first time it remembers the path.
func (o once[T]) repeated(value T, path string) (first string, again bool) {
	if first, again = o[value]; !again {
		o[value] = path
	}
	return first, again
}

// twice says that a text stands in another line as well.
func (r *report) twice(text, first string) string {
	return quote(text) + " on " + r.line(first) + " too"
}
