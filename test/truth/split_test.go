package truth

import (
	"context"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// drop keeps adverts from coming in or going out.
func drop(hook string) string {
	return "nft 'add table inet truth; add chain inet truth c { type filter hook " + hook + " priority -300; }; add rule inet truth c meta l4proto 112 drop'"
}

const heal = "nft delete table inet truth"

// TestSplitBrain drops adverts in each way in which two nodes come to hold the VIPs, as often as the flag says.
func TestSplitBrain(t *testing.T) {
	h := up(t)
	for _, row := range []struct {
		name, first, second string // what is done on each node
		causes              [2]string
		seldom              bool
	}{
		{name: "both ways, by the firewalls of both", first: drop("input"), second: drop("input"), causes: [2]string{
			"adverts of loadbalancer-2 reach enc1, and the firewall of this node drops them", "adverts of loadbalancer-1 reach enc1, and the firewall of this node drops them"}},
		{name: "one way, by the firewall of the one that stands by", second: drop("input"), causes: [2]string{
			"loadbalancer-2 sends adverts with the lower priority", "adverts of loadbalancer-1 reach enc1, and the firewall of this node drops them"}},
		{name: "one way, by the firewall of the holder", first: drop("output"), seldom: true, causes: [2]string{
			"and none of this node's leaves enc1: something drops what goes out", "and its adverts do not arrive: it is alive"}},
		{name: "both ways, below both nodes", first: drop("output"), second: drop("output"), seldom: true, causes: [2]string{
			"and its adverts do not arrive: it is alive", "and its adverts do not arrive: it is alive"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			count := *rounds
			if row.seldom {
				count = max(1, count/5)
			}
			for range count {
				h.split(t, row.first, row.second, row.causes)
			}
		})
	}
}

// split makes one, looks how soon both tell of it, and heals it.
func (h house) split(t *testing.T, first, second string, causes [2]string) {
	t.Helper()
	begun := time.Now()
	for i, command := range []string{first, second} {
		if command != "" {
			sh(t, h.Nodes()[i], command)
			defer func() { _, _ = h.Nodes()[i].Run(context.WithoutCancel(t.Context()), "sh", "-c", heal+" 2>&1 || :") }()
		}
	}
	h.await(t, func(context.Context) error { return h.both() })
	held := time.Since(begun)
	var took [2]time.Duration
	done := make(chan error, 2)
	for i, n := range h.Nodes() {
		go func() {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			err := pair.Await(ctx, func(ctx context.Context) error { return told(ctx, n, "split brain") })
			took[i] = time.Since(begun)
			done <- err
		}()
	}
	for range took {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("held by both after %v, told after %v and %v", held, took[0], took[1])
	if slow := max(took[0], took[1]); slow > *within {
		t.Errorf("told after %v, want %v", slow, *within)
	}
	for i, n := range h.Nodes() {
		h.await(t, func(ctx context.Context) error { return told(ctx, n, causes[i]) })
	}
	for i, command := range []string{first, second} {
		if command != "" {
			sh(t, h.Nodes()[i], heal)
		}
	}
	h.await(t, h.Well)
}
