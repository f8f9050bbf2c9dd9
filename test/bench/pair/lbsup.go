package pair

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lbsup/lbsup/test/lab"
)

const clusterFile = "test/clusters/ocp-ibm-z.yaml"

// installLbsup installs the package, writes the cluster file and starts lbsup. programs is the folder of the built programs; empty: the
// repository's bin.
func (p *Pair) installLbsup(ctx context.Context, repository, programs string) error {
	dir, err := os.MkdirTemp("", "lbsup-package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var variables []string
	if programs != "" {
		variables = append(variables, "BUILD="+programs)
	}
	pkg, err := lab.Make(ctx, repository, dir, variables...)
	if err != nil {
		return err
	}
	if p.cluster, err = os.ReadFile(filepath.Join(repository, clusterFile)); err != nil {
		return err
	}
	for _, node := range p.Lab.Nodes {
		if err := node.Install(ctx, pkg); err != nil {
			return err
		}
		if err := node.Write(ctx, "/etc/lbsup/stats.password", []byte("not-a-secret\n"), 0o600); err != nil {
			return err
		}
		if err := writeCluster(ctx, node, p.cluster); err != nil {
			return err
		}
		if _, err := node.Run(ctx, "systemctl", "enable", "--now", "lbsup.service"); err != nil {
			return err
		}
	}
	return nil
}

// WithCluster has both nodes apply an edit of the cluster file that they began with.
func (p *Pair) WithCluster(ctx context.Context, edit func(string) string) error {
	for _, node := range p.Lab.Nodes {
		if err := writeCluster(ctx, node, []byte(edit(string(p.cluster)))); err != nil {
			return err
		}
		if _, err := node.Run(ctx, "lbsup", "reload"); err != nil {
			return err
		}
	}
	return nil
}

// writeCluster puts the cluster file where it belongs, readable for lbsup before it appears.
func writeCluster(ctx context.Context, node *lab.Node, text []byte) error {
	const fresh = "/etc/lbsup/.lbsup.yaml"
	if err := node.Write(ctx, fresh, text, 0o640); err != nil {
		return err
	}
	_, err := node.Script(ctx, `chgrp lbsup "$1" && mv "$1" /etc/lbsup/lbsup.yaml`, fresh)
	return err
}

// snapshot is what the bench reads of `lbsup status --json`.
type snapshot struct {
	Well     bool `json:"well"`
	Findings []struct {
		What string `json:"what"`
	} `json:"findings"`
	Instances []struct {
		Name     string `json:"name"`
		Priority int    `json:"priority"`
		Wanted   int    `json:"wanted"`
	} `json:"instances"`
}

// wellSupervised says why a node is not yet well in the eyes of its own lbsup, or nothing.
func wellSupervised(ctx context.Context, node *lab.Node) string {
	// It exits with 1 when the node is not well, and prints why all the same.
	out, err := node.Run(ctx, "lbsup", "status", "--json")
	var s snapshot
	if json.Unmarshal([]byte(out), &s) != nil {
		return fmt.Sprintf("%s: no status: %v", node.Name, err)
	}
	return s.trouble(node.Name)
}

func (s snapshot) trouble(node string) string {
	if len(s.Findings) > 0 {
		return node + ": " + s.Findings[0].What
	}
	if !s.Well || len(s.Instances) == 0 {
		return node + " is not well"
	}
	for _, instance := range s.Instances {
		if instance.Priority != instance.Wanted {
			return fmt.Sprintf("%s: %s has priority %d, not %d", node, instance.Name, instance.Priority, instance.Wanted)
		}
	}
	return ""
}
