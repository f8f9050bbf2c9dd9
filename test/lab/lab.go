package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Lab is a running lab.
type Lab struct {
	Nodes   []*Node
	Servers []*Backend

	topology Topology
	claim    *claim
	network  *network
	names    *nameserver

	// logging guards the log, which nodes that boot at the same time write to.
	logging sync.Mutex
	log     io.Writer

	// mu guards the state file, which Boot and PowerOff of different nodes rewrite.
	mu   sync.Mutex
	kept bool
}

// Up builds the lab and boots its nodes. When it fails, nothing of the lab is left. The context bounds the building only.
func Up(ctx context.Context, t Topology, log io.Writer) (*Lab, error) {
	if err := errors.Join(t.check(), prerequisites()); err != nil {
		return nil, err
	}
	if err := Sweep(ctx, log); err != nil {
		fmt.Fprintf(log, "lab: %v\n", err) // an old lab that cannot be removed does not hinder a new one
	}
	claim, err := newClaim()
	if err != nil {
		return nil, err
	}
	l := &Lab{topology: t, claim: claim, network: newNetwork(claim.namespacePrefix(), t), log: log}
	if err := l.build(ctx); err != nil {
		return nil, errors.Join(err, l.Down())
	}
	return l, nil
}

// Missing says what this machine or user lacks to run a lab, nil if nothing.
func Missing() error { return prerequisites() }

func prerequisites() error {
	if os.Geteuid() != 0 {
		return errors.New("cannot build a lab: it needs root")
	}
	for _, tool := range []string{"systemd-nspawn", "ip", "nsenter", "haproxy", "keepalived"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("cannot build a lab: %q is not installed", tool)
		}
	}
	return nil
}

func (l *Lab) build(ctx context.Context) error {
	if err := l.network.addSwitch(ctx, l.topology.networks()); err != nil {
		return err
	}
	for _, host := range []Host{l.topology.Client, l.topology.Backends} {
		if err := l.network.addHost(ctx, host); err != nil {
			return err
		}
	}
	if err := l.serve(); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, host := range l.topology.Nodes {
		l.Nodes = append(l.Nodes, &Node{Name: host.Name, lab: l, host: host, dir: filepath.Join(l.claim.dir, host.Name)})
	}
	for _, node := range l.Nodes {
		group.Go(func() error { return l.first(ctx, node) })
	}
	return group.Wait()
}

// first makes a node's root and boots it for the first time.
func (l *Lab) first(ctx context.Context, node *Node) error {
	started := time.Now()
	var err error
	if node.root, err = mountRoot(node.dir); err != nil {
		return err
	}
	if err := prepare(node.root, node.host, l.topology); err != nil {
		return err
	}
	if err := node.Boot(ctx); err != nil {
		return err
	}
	l.say("%s is up after %.1f s", node.Name, time.Since(started).Seconds())
	return nil
}

// serve starts the stub servers and the nameserver.
func (l *Lab) serve() (err error) {
	namespace := l.network.namespace(l.topology.Backends.Name)
	if l.topology.Nameserver.IsValid() {
		if l.names, err = serveNames(namespace, l.topology.Nameserver, l.topology.Servers); err != nil {
			return err
		}
	}
	for _, server := range l.topology.Servers {
		backend := &Backend{Server: server, namespace: namespace}
		l.Servers = append(l.Servers, backend)
		if err := backend.Start(); err != nil {
			return err
		}
	}
	return nil
}

// Node is the node of that name, nil if there is none.
func (l *Lab) Node(name string) *Node {
	for _, node := range l.Nodes {
		if node.Name == name {
			return node
		}
	}
	return nil
}

// Server is the stub server of that name, nil if there is none.
func (l *Lab) Server(name string) *Backend {
	for _, server := range l.Servers {
		if server.Name == name {
			return server
		}
	}
	return nil
}

// Client asks from the client's namespace, with a new connection for each request.
func (l *Lab) Client(timeout time.Duration) *http.Client {
	return newClient(l.ClientNamespace(), timeout)
}

// ClientNamespace names the network namespace that Client asks from.
func (l *Lab) ClientNamespace() string { return l.network.namespace(l.topology.Client.Name) }

// Down removes the lab, whatever state it is in.
func (l *Lab) Down() error {
	for _, server := range l.Servers {
		server.Stop()
	}
	if l.names != nil {
		l.names.close()
	}
	err := remove(context.Background(), l.claim.dir)
	l.claim.lock.Close()
	return err
}

// Keep marks the lab as one that other commands may find (Kept), enter and take down.
func (l *Lab) Keep() {
	l.mu.Lock()
	l.kept = true
	l.mu.Unlock()
	l.saveRecord()
}

func (l *Lab) say(format string, args ...any) {
	l.logging.Lock()
	defer l.logging.Unlock()
	fmt.Fprintf(l.log, "lab: "+format+"\n", args...)
}

// saveRecord tells other processes where the hosts are. A failure costs them, not the lab.
func (l *Lab) saveRecord() {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := Record{ID: l.claim.id, Owner: os.Getpid(), Kept: l.kept, Leaders: map[string]int{}}
	for _, node := range l.Nodes {
		if running := node.running.Load(); running != nil {
			r.Leaders[node.Name] = running.leader
		}
	}
	if err := l.claim.write(r); err != nil {
		l.say("%v", err)
	}
}
