package truth

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// TestYield has the cluster file say that of two holders one lets go. The VIP is never with nobody: not when it does, not when the one that is left
// goes away, not when the network is healed.
func TestYield(t *testing.T) {
	h := up(t)
	for _, n := range h.Nodes() {
		text := sh(t, n, "cat "+pair.ClusterFile)
		if err := n.Write(t.Context(), pair.ClusterFile, []byte(strings.Replace(text, "vrrp:\n", "vrrp:\n  on_split_brain: yield\n", 1)+"\n"), 0o640); err != nil {
			t.Fatal(err)
		}
		sh(t, n, "chgrp lbsup "+pair.ClusterFile+"; lbsup reload")
	}
	h.await(t, h.Well)
	for _, row := range []struct {
		name, first, second string
		healed              bool // while the first node is away
	}{
		{name: "both are deaf", first: drop("input"), second: drop("input")},
		{name: "the one that stands by is deaf", second: drop("input")},
		{name: "and hears again", second: drop("input"), healed: true},
	} {
		t.Run(row.name, func(t *testing.T) { h.yields(t, row.first, row.second, row.healed) })
	}
}

func (h house) yields(t *testing.T, first, second string, healed bool) {
	probe := h.Lab.Probe(pair.URL, 10*time.Millisecond, 2*time.Second)
	defer func() {
		report := probe.Stop()
		for _, o := range report.Outages {
			t.Logf("nobody answered for %v: %v", o.Length(), o.Err)
		}
	}()
	for i, command := range []string{first, second} {
		if command != "" {
			sh(t, h.Nodes()[i], command)
		}
	}
	h.await(t, func(context.Context) error { return h.both() })
	h.await(t, func(ctx context.Context) error { return told(ctx, h.Second, "this node has let go of the VIPs") })
	h.await(t, func(context.Context) error { return h.Home() })
	h.stays(t, h.Home)
	if !healed {
		sh(t, h.First, "systemctl stop keepalived")
		h.await(t, func(context.Context) error { return h.Away() })
		sh(t, h.First, "systemctl start keepalived")
		h.await(t, func(context.Context) error { return h.Home() })
	}
	for i, command := range []string{first, second} {
		if command != "" {
			sh(t, h.Nodes()[i], heal)
		}
	}
	h.await(t, h.Well)
}

// stays looks for some time whether something remains so.
func (h house) stays(t *testing.T, complaint func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if err := complaint(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}
