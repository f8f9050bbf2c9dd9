package main

import (
	"fmt"
	"os"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
)

// rendered is what one node would get.
type rendered struct {
	node       string
	haproxy    haproxy.Config
	keepalived keepalived.Config
}

func (r rendered) notes() []render.Note { return append(r.haproxy.Notes, r.keepalived.Notes...) }

// renderFor renders both configurations of one node.
func renderFor(c *cluster.Cluster, node string, secrets cluster.Secrets, in installed) (rendered, error) {
	l, err := c.Local(node)
	if err != nil {
		return rendered{}, err
	}
	h, err := haproxy.Render(l, secrets, in.haproxyBuild)
	if err != nil {
		return rendered{}, fmt.Errorf("cannot render HAProxy's configuration of node %q: %w", node, err)
	}
	k, err := keepalived.Render(l, secrets, in.keepalivedBuild)
	if err != nil {
		return rendered{}, fmt.Errorf("cannot render keepalived's configuration of node %q: %w", node, err)
	}
	return rendered{node, h, k}, nil
}

// nodesFor says for which nodes to render: all, the one named, or this host.
func nodesFor(c *cluster.Cluster, asked string) ([]string, error) {
	var all []string
	for _, n := range c.Nodes {
		all = append(all, n.Name)
		if n.Name == asked {
			return []string{asked}, nil
		}
	}
	switch asked {
	case "all":
		return all, nil
	case "":
		host, err := os.Hostname()
		if err != nil {
			return nil, fmt.Errorf("cannot tell this host's name: %w", err)
		}
		node, err := c.NodeFor(host)
		return []string{node}, err
	default:
		hint := didYouMean(asked, all)
		if hint == "" {
			hint = fmt.Sprintf("the nodes are %s", listed(all))
		}
		return nil, hinted(hint, "cannot find node %q in cluster %q", asked, c.Name)
	}
}
