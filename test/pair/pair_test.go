package pair

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

const clusterFile = "/etc/lbsup/lbsup.yaml"

// pair is two nodes under lbsup, or more, in the order of preference, and the network around them.
type pair struct {
	*lab.Lab
	system
	cluster       string // the text of the cluster file
	first, second *lab.Node
}

func (p *pair) nodes() []*lab.Node { return p.Nodes }

// up boots a pair, installs lbsup on it as a package manager would, and returns when it is well.
func up(t *testing.T, s system) *pair {
	t.Helper()
	p := boot(t, s)
	p.configure(t)
	p.well(t)
	return p
}

// boot is up without a cluster file: lbsup is installed and not started.
func boot(t *testing.T, s system) *pair {
	t.Helper()
	need.NoError(t, lab.Missing())
	text, err := os.ReadFile(filepath.Join("../clusters", s.file))
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := built()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Up(t.Context(), s.topology, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{Lab: l, system: s, cluster: string(text), first: l.Nodes[0], second: l.Nodes[1]}
	t.Cleanup(func() { p.down(t) })
	for _, node := range p.nodes() {
		if err := node.Install(t.Context(), pkg); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// configure is what the admin does by hand: the file, its secrets, and one command.
func (p *pair) configure(t *testing.T) {
	t.Helper()
	for _, node := range p.nodes() {
		for path, text := range p.secrets {
			write(t, node, path, text, 0o600)
		}
		p.edit(t, node, p.cluster)
		sh(t, node, "systemctl enable --now --quiet lbsup.service")
	}
}

// edit saves the cluster file of a node, by rename and already with its owner and mode, as a good editor does.
func (p *pair) edit(t *testing.T, n *lab.Node, text string) {
	t.Helper()
	const draft = "/etc/lbsup/.draft"
	write(t, n, draft, text, 0o640)
	sh(t, n, "chgrp lbsup "+draft+" && mv "+draft+" "+clusterFile)
}

// restore puts the cluster file back on both nodes and waits until the pair is well. What an edit has added goes again, which lbsup wants to be
// told twice.
func (p *pair) restore(t *testing.T) {
	t.Helper()
	for _, node := range p.nodes() {
		p.edit(t, node, p.cluster)
	}
	for _, node := range p.nodes() {
		sh(t, node, "lbsup reload --force")
	}
	p.well(t)
}

// well waits until the pair is as it should be: the first node holds every VIP alone, the service answers, and both supervisors say that
// nothing is wrong.
func (p *pair) well(t *testing.T) {
	t.Helper()
	eventually(t, "the first node holds the VIPs alone", func() bool { return p.holds(t, p.first) && !p.holdsAny(t, p.second) })
	client := p.Client(time.Second)
	eventually(t, "the VIP answers", func() bool {
		_, err := lab.Ask(t.Context(), client, p.url)
		return err == nil
	})
	for _, node := range p.nodes() {
		p.says(t, node, "well", func(said string, code int) bool { return code == 0 })
	}
}

// down takes the pair down, and has it testify first when the test has failed.
func (p *pair) down(t *testing.T) {
	p.Evidence(t)
	if err := p.Down(); err != nil {
		t.Error(err)
	}
}
