package pair

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// VIP is the address that the client asks.
var VIP = netip.MustParseAddr("172.18.100.100")

// URL is what the client asks for: a service in TCP mode, answered by a stub server behind HAProxy.
const URL = "http://172.18.100.100:6443/"

// Pair is a running pair.
type Pair struct {
	Subject Subject
	Lab     *lab.Lab

	log     io.Writer
	home    int    // the node that has the address, as Settle found it
	cluster []byte // the cluster file of a supervised pair
}

// Setup says what a pair is built from.
type Setup struct {
	Repository string    // the checkout, for its Makefile and cluster file
	Programs   string    // the folder of the built programs; empty: bin of the checkout
	Bench      string    // the bench program, of which a copy goes into the hosts
	Log        io.Writer // what the lab has to say
}

// Up boots two hosts and sets them up as the subject wants. It returns when all is well.
func Up(ctx context.Context, s Subject, from Setup) (*Pair, error) {
	l, err := lab.Up(ctx, lab.OpenShift(), from.Log)
	if err != nil {
		return nil, err
	}
	p := &Pair{Subject: s, Lab: l, log: from.Log}
	err = s.install(ctx, p, from)
	if err == nil {
		err = p.Settle(ctx)
	}
	if err != nil {
		p.Evidence(context.WithoutCancel(ctx), from.Log)
		return nil, errors.Join(fmt.Errorf("cannot bring up %q: %w", s.Name, err), l.Down())
	}
	return p, nil
}

// Home is the node that has the address, as Settle found it, Peer the other.
func (p *Pair) Home() *lab.Node { return p.Lab.Nodes[p.home] }

// Peer is the node that takes over.
func (p *Pair) Peer() *lab.Node { return p.Lab.Nodes[1-p.home] }

// AddressOf is a node's own address in the client's network, on which HAProxy listens too.
func (p *Pair) AddressOf(node *lab.Node) netip.Addr {
	if node == p.Lab.Nodes[0] {
		return netip.MustParseAddr("172.18.0.11")
	}
	return netip.MustParseAddr("172.18.0.12")
}

const (
	settleLimit = 3 * time.Minute // the slowest subject needs one, on a busy machine two
	// Many pairs settle at the same time, and a look costs programs that run inside. Those that wait for seconds are looked at more seldom.
	settleEvery       = 250 * time.Millisecond
	settleByHandEvery = time.Second
)

// settleEvery is the time between two looks.
func (s Subject) settleEvery() time.Duration {
	if s.Supervised() {
		return settleEvery
	}
	return settleByHandEvery
}

// Settle waits until all is well: one node holds the address, the one to which it returns if it returns; HAProxy answers on both nodes; and whoever watches it says so.
func (p *Pair) Settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, settleLimit, errors.New("the time is up"))
	defer cancel()
	trouble := "nothing was looked at"
	err := await(ctx, p.Subject.settleEvery(), func() bool {
		if now := p.trouble(ctx); now != "" {
			trouble = now
			return false
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("cannot settle %q: %s: %w", p.Subject.Name, trouble, err)
	}
	return nil
}

// await polls until ok or the context ends.
func await(ctx context.Context, every time.Duration, ok func() bool) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for !ok() {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// Cables are the interfaces of a node, the one of the adverts first.
func (p *Pair) Cables() []string {
	cables := []string{p.Subject.adverts}
	for _, name := range []string{"enc1", "enc5", "enc6"} {
		if name != p.Subject.adverts {
			cables = append(cables, name)
		}
	}
	return cables
}
