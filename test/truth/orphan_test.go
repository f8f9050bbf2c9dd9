package truth

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	bench "github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

const killed = "kill -9 $(pidof keepalived)"

// TestOrphans kills the holder's keepalived in each way in which a VIP could stay behind. Until the other node has it the orphan answers, so that no client
// is left alone.
func TestOrphans(t *testing.T) {
	h := up(t)
	moves, err := (&bench.Pair{Lab: h.Lab}).Watch()
	if err != nil {
		t.Fatal(err)
	}
	defer moves.Stop()
	for _, row := range []struct {
		name, before, mends string
		seldom              bool
	}{
		{name: "killed", before: ":", mends: ":"},
		{name: "killed, and does not start", seldom: true,
			before: "mv /usr/sbin/keepalived /usr/sbin/away", mends: "mv /usr/sbin/away /usr/sbin/keepalived"},
		{name: "killed, and masked", seldom: true,
			before: "systemctl mask --quiet --runtime keepalived", mends: "systemctl unmask --quiet --runtime keepalived; systemctl start keepalived"},
	} {
		t.Run(row.name, func(t *testing.T) {
			count := *rounds
			if row.seldom {
				count = max(1, count/5)
			}
			for range count {
				h.orphan(t, moves, row.before, row.mends)
			}
		})
	}
	for _, n := range h.Nodes() {
		if said := sh(t, n, "lbsup events --since 1h | grep -i 'split brain' || :"); said != "" {
			t.Errorf("%s took a death for a split brain: %s", n.Name, said)
		}
	}
	t.Run("report", h.reportsOrphans)
}

// orphan kills, sees the VIP gone, and mends.
func (h house) orphan(t *testing.T, moves *bench.Watch, before, mends string) {
	t.Helper()
	sh(t, h.First, before)
	probe := h.Lab.Probe(pair.URL, 10*time.Millisecond, 2*time.Second)
	begun := time.Now()
	sh(t, h.First, killed)
	var left time.Time
	h.await(t, func(context.Context) error {
		for _, m := range moves.Moves() {
			if m.Node == h.First.Name && !m.Here && m.At.After(begun) {
				left = m.At
				return nil
			}
		}
		return fmt.Errorf("%s has still the VIP", h.First.Name)
	})
	silence := probe.Stop().Longest()
	t.Logf("gone after %v, the client without an answer for %v", left.Sub(begun).Round(time.Millisecond), silence)
	if silence > *silent {
		t.Errorf("the client was without an answer for %v, want %v", silence, *silent)
	}
	if took := left.Sub(begun); took > *gone {
		t.Errorf("gone after %v, want %v: %s", took, *gone, sh(t, h.First, "journalctl --boot --no-pager --output short-precise --since -30s"))
	}
	sh(t, h.First, mends)
	h.await(t, h.Well)
}

// reportsOrphans has the cluster file say that orphans are only reported.
func (h house) reportsOrphans(t *testing.T) {
	text := sh(t, h.First, "cat "+pair.ClusterFile)
	save := func(text string) {
		if err := h.First.Write(t.Context(), pair.ClusterFile, []byte(text+"\n"), 0o640); err != nil {
			t.Fatal(err)
		}
		sh(t, h.First, "chgrp lbsup "+pair.ClusterFile+"; lbsup reload")
	}
	save(strings.Replace(text, "vrrp:\n", "vrrp:\n  orphans: report\n", 1))
	sh(t, h.First, "systemctl mask --quiet --runtime keepalived && "+killed)
	h.await(t, func(ctx context.Context) error {
		return told(ctx, h.First, "the VIPs are here but keepalived does not run")
	})
	h.await(t, func(ctx context.Context) error { return told(ctx, h.Second, "split brain") }) // the other node took over, and so it is
	if held, err := h.First.Holds(pair.VIPs[0]); err != nil || !held {
		t.Errorf("the orphan is gone, %v", err)
	}
	sh(t, h.First, "systemctl unmask --quiet --runtime keepalived; systemctl start keepalived")
	save(text)
	h.await(t, h.Well)
}
