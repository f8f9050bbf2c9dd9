package cluster

import (
	"errors"
	"net/netip"
	"testing"
)

func TestLocal(t *testing.T) {
	local, err := everything(t).Local("lb2")
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "node", Node{"lb2", netip.MustParseAddr("192.0.2.12")}, local.Node)
	wants(t, "peers", []Node{{"lb1", netip.MustParseAddr("192.0.2.11")}, {"lb3.example.net", netip.MustParseAddr("192.0.2.13")}}, local.Peers)
	_, err = everything(t).Local("lb4")
	if want := `cannot find this node "lb4" among the nodes of cluster "all"`; err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}

func TestNodeFor(t *testing.T) {
	c := &Cluster{Nodes: []Node{{Name: "lb1"}, {Name: "lb2.example.net"}, {Name: "lb3.a.example.net"}, {Name: "lb3.b.example.net"}}}
	const nobody = `: want one of "lb1", "lb2.example.net", "lb3.a.example.net" or "lb3.b.example.net"`
	for _, row := range []struct{ name, host, node, err string }{
		{"the very name", "lb1", "lb1", ""},
		{"the very name among similar ones", "lb3.b.example.net", "lb3.b.example.net", ""},
		{"another case", "LB1", "lb1", ""},
		{"the host with its domain", "lb1.example.net", "lb1", ""},
		{"the node with its domain", "lb2", "lb2.example.net", ""},
		{"one of two", "lb3", "", `cannot tell which node host "lb3" is` + nobody},
		{"a stranger", "db1", "", `cannot tell which node host "db1" is` + nobody},
		{"no name", "", "", `cannot tell which node host "" is` + nobody},
	} {
		t.Run(row.name, func(t *testing.T) {
			node, err := c.NodeFor(row.host)
			wants(t, "node", row.node, node)
			if row.err == "" && err != nil || row.err != "" && (err == nil || err.Error() != row.err) {
				t.Errorf("got error %v, want %q", err, row.err)
			}
			var unknown *UnknownHostError
			if errors.As(err, &unknown) && unknown.Hint() != "name the node with --node" {
				t.Errorf("got hint %q", unknown.Hint())
			}
		})
	}
}
