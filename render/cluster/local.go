package cluster

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Local is the cluster as one node sees it.
type Local struct {
	*Cluster
	Node  Node
	Peers []Node // the other nodes, in order of preference
}

// Local returns the view of the node with the given name.
func (c *Cluster) Local(name string) (*Local, error) {
	local := &Local{Cluster: c}
	for _, n := range c.Nodes {
		if n.Name == name {
			local.Node = n
		} else {
			local.Peers = append(local.Peers, n)
		}
	}
	if local.Node.Name == "" {
		return nil, fmt.Errorf("cannot find this node %q among the nodes of cluster %q", name, c.Name)
	}
	return local, nil
}

// NodeFor returns the node that a host is, by its full name or else by the first part of it.
func (c *Cluster) NodeFor(hostname string) (string, error) {
	first := func(name string) string { label, _, _ := strings.Cut(name, "."); return label }
	var names, alike []string
	for _, n := range c.Nodes {
		if strings.EqualFold(n.Name, hostname) {
			return n.Name, nil
		}
		names = append(names, quote(n.Name))
		if strings.EqualFold(first(n.Name), first(hostname)) {
			alike = append(alike, n.Name)
		}
	}
	if len(alike) == 1 {
		return alike[0], nil
	}
	return "", &UnknownHostError{message: fmt.Sprintf("cannot tell which node host %q is: want one of %s", hostname, oneOf(names))}
}

// UnknownHostError says that a host is none of the nodes, or could be several.
type UnknownHostError struct{ message string }

func (e *UnknownHostError) Error() string { return e.message }

// Hint says what helps.
func (e *UnknownHostError) Hint() string { return "name the node with --node" }

// Secrets holds the contents of the files that a cluster file names for its passwords, by path, without the final newline.
// It never formats its contents.
type Secrets map[string]string

// String hides the contents.
func (s Secrets) String() string { return fmt.Sprintf("%d secrets", len(s)) }

// Format hides the contents, whatever the verb.
func (s Secrets) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// MarshalJSON hides the contents.
func (s Secrets) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }
