package faults

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/supervisor/status"
	bench "github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

const (
	worker    = "$(pgrep --parent $(systemctl show -P MainPID haproxy) | tail -n 1)"
	inFault   = "FAULT"
	isBackup  = "BACKUP"
	isMaster  = "MASTER"
	clientBin = "/usr/libexec/keepalived/lbsup-check"
)

// rules are what lbsup makes of a death, of a doubt, and of what is neither. That restarts of lbsup move nothing, that a dead supervisor only lowers
// and that two move nothing is proved beside the pair's other failures.
func (h *house) rules(t *testing.T) {
	t.Run("certain death faults", h.deathFaults)
	t.Run("doubt only lowers", h.doubtLowers)
	t.Run("when all are in doubt the VIP stays", h.doubtEverywhere)
	for _, row := range []struct {
		name string
		do   func(*testing.T, *host)
	}{
		{"a reload by systemd is no death", func(t *testing.T, n *host) { n.sh(t, "for i in 1 2 3; do systemctl reload haproxy; done") }},
		{"a reload by a signal to the master is no death", func(t *testing.T, n *host) { n.sh(t, "kill -USR2 $(systemctl show -P MainPID haproxy)") }},
		{"the end of an old worker is no death", oldWorkerEnds},
	} {
		t.Run(row.name, func(t *testing.T) {
			h.well(t)
			c, old := h.calm(), h.first.sh(t, "echo "+worker)
			row.do(t, h.first)
			h.first.renews(t, old)
			h.well(t)
			c.kept(t)
		})
	}
	t.Run("a check that cannot run is told", h.clientUnusable)
	t.Run("a track file that is not followed lowers", h.trackFileLost)
}

// ranks waits until a node's instance is in that state with that priority.
func (n *host) ranks(t *testing.T, want string, priority int) {
	t.Helper()
	eventually(t, func() error {
		i, err := n.instance(t)
		if err == nil && (i.State != want || i.Priority != priority) {
			return fmt.Errorf("%s is %s with priority %d, and not %s with %d", n.Name, i.State, i.Priority, want, priority)
		}
		return err
	})
}

func (n *host) instance(t *testing.T) (status.Instance, error) {
	said, err := pair.Status(t.Context(), n.Node)
	if err != nil || len(said.Instances) != 1 {
		return status.Instance{}, fmt.Errorf("%s tells of %d instances: %v", n.Name, len(said.Instances), err)
	}
	return said.Instances[0], nil
}

func (h *house) deathFaults(t *testing.T) {
	h.first.sh(t, "systemctl stop haproxy")
	h.first.ranks(t, inFault, 0)
	h.second.ranks(t, isMaster, 250)
	h.first.sh(t, "systemctl start haproxy")
	h.well(t)
}

func (h *house) doubtLowers(t *testing.T) {
	h.first.sh(t, "kill -STOP "+worker)
	h.first.ranks(t, isBackup, 153)
	h.second.ranks(t, isMaster, 250)
	h.first.sh(t, "kill -CONT "+worker)
	h.well(t)
}

// doubtEverywhere leaves nobody who serves, and still somebody who has the VIP: a doubt may be wrong.
func (h *house) doubtEverywhere(t *testing.T) {
	c := h.calm()
	h.second.sh(t, "kill -STOP "+worker)
	h.second.ranks(t, isBackup, 150)
	h.first.sh(t, "kill -STOP "+worker)
	h.first.ranks(t, isMaster, 153)
	h.first.sh(t, "kill -CONT "+worker)
	h.first.ranks(t, isMaster, 253)
	h.second.sh(t, "kill -CONT "+worker)
	h.well(t)
	c.stayed(t)
}

// oldWorkerEnds kills a worker that a connection keeps alive after a reload.
func oldWorkerEnds(t *testing.T, n *host) {
	old := n.sh(t, "echo "+worker)
	n.house.connected(t, func() {
		n.sh(t, "systemctl reload haproxy")
		n.renews(t, old)
		n.sh(t, "kill -9 "+old)
	})
}

// renews waits until lbsup has seen another worker.
func (n *host) renews(t *testing.T, old string) {
	t.Helper()
	eventually(t, func() error {
		said, err := pair.Status(t.Context(), n.Node)
		if err == nil && (said.HAProxy.Worker == 0 || fmt.Sprint(said.HAProxy.Worker) == old) {
			return fmt.Errorf("%s says worker %d, which is not new", n.Name, said.HAProxy.Worker)
		}
		return err
	})
}

// connected keeps a connection over the VIP open.
func (h *house) connected(t *testing.T, do func()) {
	t.Helper()
	conn, err := h.Lab.Client(patience).Transport.(*http.Transport).DialContext(t.Context(), "tcp", bench.VIP.String()+":6443")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	do()
}

// clientUnusable takes keepalived's track_script away, which keepalived itself takes for healthy.
func (h *house) clientUnusable(t *testing.T) {
	c := h.calm()
	h.first.sh(t, "mv "+clientBin+" "+clientBin+".away")
	h.first.tells(t, "keepalived does not ask whether lbsup is alive")
	h.first.sh(t, "mv "+clientBin+".away "+clientBin)
	h.well(t)
	c.kept(t)
}

// trackFileLost has keepalived watch a directory that is no longer the one in which lbsup writes: what lbsup says no longer reaches it that way, so
// the dead man's switch has to move the VIP.
func (h *house) trackFileLost(t *testing.T) {
	h.first.sh(t, "mv /run/keepalived-lbsup /run/keepalived-away && install -d -o lbsup -g lbsup /run/keepalived-lbsup && cp -p /run/keepalived-away/* /run/keepalived-lbsup/")
	h.first.sh(t, "systemctl stop haproxy")
	h.first.tells(t, "does not follow the track file")
	eventually(t, h.Away)
	h.first.sh(t, "systemctl start haproxy && systemctl restart keepalived")
	h.well(t)
}

// tells waits for words of lbsup status.
func (n *host) tells(t *testing.T, words string) {
	t.Helper()
	eventually(t, func() error {
		if said, _ := n.try(t, "lbsup status"); !strings.Contains(strings.Join(strings.Fields(said), " "), words) {
			return fmt.Errorf("%s does not say %q: %s", n.Name, words, said)
		}
		return nil
	})
}
