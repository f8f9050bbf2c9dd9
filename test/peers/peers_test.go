package peers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
)

func TestPeers(t *testing.T) {
	h := up(t)
	h.known(t)
	t.Run("a cluster file that is not on both nodes", h.edited)
	t.Run("the VIPs move", h.moved)
	t.Run("another secret", h.distrusted)
	t.Run("another version", h.newer)
	t.Run("a peer that cannot be asked", h.silent)
	t.Run("a peer without power", h.gone)
	for _, n := range h.Nodes() {
		if said := sh(t, n, "journalctl --no-pager --boot | grep -c -e "+secret+" -e "+strings.ToLower(secret)+" || :"); said != "0" {
			t.Errorf("%s: the secret is in %s lines of the journal", n.Name, said)
		}
	}
}

// known waits until both nodes show the whole pair, and are well.
func (h house) known(t *testing.T) {
	t.Helper()
	for _, n := range h.Nodes() {
		h.sees(t, n, "the other one is well", func(s status.Snapshot, p status.Peer) bool {
			_, behind := s.Differs(p)
			return s.Well && p.Trouble == "" && p.Summary != nil && p.Summary.Well && p.Summary.ClusterFile != "" && behind == "" &&
				len(p.Summary.Instances) == 1 && p.Summary.Instances[0].Here == (n == h.Second)
		})
		text := sh(t, n, "lbsup status")
		for _, want := range []string{"Nodes\n", "loadbalancer-1  holds VI_1", "loadbalancer-2  stands by", "the same cluster file"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: there is no %q in\n%s", n.Name, want, text)
			}
		}
	}
}

// edited saves a cluster file on one node, and later on the other.
func (h house) edited(t *testing.T) {
	const edit = "echo '# an edit' >>/etc/lbsup/lbsup.yaml && lbsup reload"
	sh(t, h.First, edit)
	for _, n := range h.Nodes() {
		h.sees(t, n, "the second one is behind", func(s status.Snapshot, p status.Peer) bool {
			_, behind := s.Differs(p)
			return behind == h.Second.Name
		})
	}
	sh(t, h.Second, edit)
	h.known(t)
}

// moved has HAProxy end on the node that holds the VIPs.
func (h house) moved(t *testing.T) {
	sh(t, h.First, "rm -f "+diary+"; systemctl stop haproxy")
	h.sees(t, h.Second, "HAProxy is gone there", func(_ status.Snapshot, p status.Peer) bool {
		return p.Summary != nil && !p.Summary.Well && p.Summary.HAProxy == "inactive" && !p.Summary.Instances[0].Here
	})
	h.sees(t, h.First, "the VIPs are there", func(_ status.Snapshot, p status.Peer) bool { return p.Summary.Instances[0].Here })
	h.await(t, func(context.Context) error { return h.Away() })
	h.recalled(t)
	h.hooked(t, h.First, "id=lbsup", "LBSUP_EVENT=transition", "LBSUP_NODE=loadbalancer-1", "LBSUP_SUBJECT=VI_1", "LBSUP_FROM=MASTER", "LBSUP_TO=FAULT")
	h.hooked(t, h.Second, "LBSUP_EVENT=transition", "LBSUP_CLUSTER=ocp0", "LBSUP_FROM=BACKUP", "LBSUP_TO=MASTER")
	sh(t, h.First, "systemctl start haproxy")
	h.await(t, h.Well)
	h.known(t)
}

// recalled waits until each node tells what happened on both, and the second one why the first one let go.
func (h house) recalled(t *testing.T) {
	t.Helper()
	for _, n := range h.Nodes() {
		h.says(t, n, "lbsup events --since 5m", "loadbalancer-1  X  haproxy.service was stopped by hand", "loadbalancer-2  ok VI_1 went from BACKUP to MASTER")
	}
	h.says(t, h.Second, "lbsup why", "came to this node", "on loadbalancer-1: check haproxy failed", "loadbalancer-1  X  VI_1 went from MASTER to FAULT")
	if said := sh(t, h.Second, "lbsup why"); strings.Count(said, "\n") >= 4 {
		t.Errorf("want fewer than five lines, got\n%s", said)
	}
	if said := sh(t, h.Second, "lbsup events --here --since 5m"); strings.Contains(said, "loadbalancer-1  ") {
		t.Errorf("there is more than happened here in\n%s", said)
	}
}

// says waits until a command tells all of this.
func (h house) says(t *testing.T, n *lab.Node, command string, words ...string) {
	t.Helper()
	h.await(t, func(ctx context.Context) error {
		said, err := n.Run(ctx, "sh", "-c", command)
		for _, want := range words {
			if err == nil && !strings.Contains(said, want) {
				err = fmt.Errorf("%s: %s: there is no %q in\n%s", n.Name, command, want, said)
			}
		}
		return err
	})
}

// hooked waits until the hook was told something.
func (h house) hooked(t *testing.T, n *lab.Node, lines ...string) {
	t.Helper()
	h.await(t, func(ctx context.Context) error {
		text, err := n.Run(ctx, "cat", diary)
		if err != nil {
			return err
		}
		for _, want := range lines {
			if !strings.Contains("\n"+text, "\n"+want+"\n") {
				return fmt.Errorf("%s: the hook was not told %q: %s", n.Name, want, text)
			}
		}
		return nil
	})
}

// distrusted gives one node a secret that the other does not have.
func (h house) distrusted(t *testing.T) {
	h.give(t, strings.ToLower(secret))
	h.sees(t, h.First, "the other one cannot be believed", func(_ status.Snapshot, p status.Peer) bool {
		return strings.Contains(p.Trouble, "an authority that this node does not know")
	})
	h.holds(t)
	h.give(t, secret)
	h.known(t)
}

// give changes the second node's secret. Connections that there are may be used for a while; a new lbsup makes new ones.
func (h house) give(t *testing.T, key string) {
	t.Helper()
	if err := giveKey(t.Context(), h.Second, key); err != nil {
		t.Fatal(err)
	}
	sh(t, h.Second, "systemctl restart lbsup")
}

// newer has one node run another version.
func (h house) newer(t *testing.T) {
	program := filepath.Join(t.TempDir(), "lbsup")
	build(t, program, "lbsup", "-X main.version=9.9.9")
	data, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Second.Write(t.Context(), "/usr/bin/lbsup", data, 0o755); err != nil {
		t.Fatal(err)
	}
	sh(t, h.Second, "systemctl restart lbsup")
	h.sees(t, h.First, "the other one is newer", func(_ status.Snapshot, p status.Peer) bool { return p.Trouble == "" && p.Summary.Version == "9.9.9" })
	if text := sh(t, h.First, "lbsup status || :"); !strings.Contains(text, "lbsup 9.9.9, not ") {
		t.Errorf("the versions are not told: %s", text)
	}
	h.known(t)
}

// silent drops what one node is asked. The other says so, and nothing moves. (To stop lbsup would not do: keepalived's question starts it again.)
func (h house) silent(t *testing.T) {
	sh(t, h.Second, `nft -f - <<'END'
table inet peers {
	chain input {
		type filter hook input priority 0;
		tcp dport 9106 drop
	}
}
END`)
	h.sees(t, h.First, "the other one is silent", func(s status.Snapshot, p status.Peer) bool {
		return p.Summary != nil && len(s.Findings) == 1 && s.Findings[0].Severity == status.Warning &&
			s.Findings[0].What == "loadbalancer-2 does not tell how it is: no answer in time"
	})
	h.sees(t, h.Second, "the first one answers", func(_ status.Snapshot, p status.Peer) bool { return p.Trouble == "" })
	if text := sh(t, h.First, "lbsup status || :"); !strings.Contains(text, "not heard for ") {
		t.Errorf("since when is not told: %s", text)
	}
	h.holds(t)
	sh(t, h.Second, "nft delete table inet peers")
	h.known(t)
}

// gone has the power fail on the node that stands by.
func (h house) gone(t *testing.T) {
	if err := h.Second.PowerOff(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.sees(t, h.First, "the other one is gone", func(_ status.Snapshot, p status.Peer) bool { return p.Trouble != "" && p.Summary != nil })
	h.says(t, h.First, "lbsup events", "what loadbalancer-2 has on record is not shown: ", "lbsup started")
	h.holds(t)
	if err := h.Second.Boot(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.await(t, h.Well)
	h.known(t)
}

// holds is where the VIPs have to be all the time.
func (h house) holds(t *testing.T) {
	t.Helper()
	if err := h.Home(); err != nil {
		t.Error(err)
	}
}
