package pair

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"github.com/lbsup/lbsup/test/lab"
)

// ClusterFile is where lbsup looks for the cluster file on a host.
const ClusterFile = "/etc/lbsup/lbsup.yaml"

// URL is the API of OpenShift as the client asks for it.
const URL = "http://172.18.100.100:6443/"

// VIPs are the virtual addresses that the cluster file names. The client asks for the first.
var VIPs = []netip.Addr{netip.MustParseAddr("172.18.100.100"), netip.MustParseAddr("10.131.0.1")}

// Pair is two hosts of a lab, in the order in which the cluster file prefers them.
type Pair struct {
	Lab           *lab.Lab
	First, Second *lab.Node
}

// Of is the pair on a lab with the topology of OpenShift.
func Of(l *lab.Lab) *Pair {
	return &Pair{Lab: l, First: l.Node("loadbalancer-1"), Second: l.Node("loadbalancer-2")}
}

// Nodes are both hosts, the preferred one first.
func (p *Pair) Nodes() []*lab.Node { return []*lab.Node{p.First, p.Second} }

// OnBoth does the same on both hosts at the same time.
func (p *Pair) OnBoth(ctx context.Context, do func(context.Context, *lab.Node) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, node := range p.Nodes() {
		group.Go(func() error { return do(ctx, node) })
	}
	return group.Wait()
}

// Source is a checkout whose programs are built: in build, or where its Makefile puts them if that is empty.
type Source struct{ Repository, Build string }

// Install puts lbsup on both hosts from the tree that a package would carry.
func (p *Pair) Install(ctx context.Context, source Source) error {
	dir, err := os.MkdirTemp("", "lbsup-package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var variables []string
	if source.Build != "" {
		variables = append(variables, "BUILD="+source.Build)
	}
	pkg, err := lab.Make(ctx, source.Repository, dir, variables...)
	if err != nil {
		return err
	}
	return p.OnBoth(ctx, func(ctx context.Context, node *lab.Node) error { return node.Install(ctx, pkg) })
}

// Configure gives both hosts the same cluster file and the one secret that it names.
func (p *Pair) Configure(ctx context.Context, source Source) error {
	cluster, err := os.ReadFile(filepath.Join(source.Repository, "test/clusters/ocp-ibm-z.yaml"))
	if err != nil {
		return fmt.Errorf("cannot read the cluster file: %v", err)
	}
	return p.OnBoth(ctx, func(ctx context.Context, node *lab.Node) error {
		if err := node.Write(ctx, "/etc/lbsup/stats.password", []byte("nobody-looks-here\n"), 0o600); err != nil {
			return err
		}
		if err := node.Write(ctx, ClusterFile, cluster, 0o640); err != nil {
			return err
		}
		_, err := node.Run(ctx, "chgrp", "lbsup", ClusterFile)
		return err
	})
}

// Start starts lbsup on both hosts, now and at every boot.
func (p *Pair) Start(ctx context.Context) error {
	return p.OnBoth(ctx, func(ctx context.Context, node *lab.Node) error {
		_, err := node.Run(ctx, "systemctl", "enable", "--quiet", "--now", "lbsup.service")
		return err
	})
}
