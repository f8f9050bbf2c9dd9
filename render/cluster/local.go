package cluster

import "fmt"

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

// Secrets holds the contents of the files that a cluster file names for its passwords, by path, without the final newline.
// It never formats its contents.
type Secrets map[string]string

// String hides the contents.
func (s Secrets) String() string { return fmt.Sprintf("%d secrets", len(s)) }

// GoString hides the contents.
func (s Secrets) GoString() string { return s.String() }
