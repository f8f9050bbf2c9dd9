package faults

import (
	"context"
	"os"
	"strings"
	"testing"
)

// halfway is the step before which HAProxy's file is new and keepalived's is old.
var halfway = step{"renameat", "/etc/keepalived/.keepalived.conf.lbsup-new", 1}

// midway has something happen while lbsup apply stands before a step, and returns how the change ended.
func (n *host) midway(t *testing.T, s step, happen func()) (out string, code int) {
	t.Helper()
	n.aim(t, s, slow)
	done := make(chan struct{})
	go func() {
		defer close(done)
		text, err := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", "exec 2>&1; lbsup reload")
		if out = text; err != nil {
			code = 1
		}
	}()
	n.stands(t)
	_ = os.Remove(n.root + "/run/strike/arguments")
	happen()
	<-done
	return out, code
}

// middle breaks what is around a change, on the node that does not hold the VIP where the fault is one that moves it.
func (h *house) middle(t *testing.T) {

	for _, row := range []struct {
		name          string
		node          *host
		breaks, mends string
		refused       bool // the change cannot become live
		told          bool // one that lbsup reload does not tell as live is not
	}{
		{name: "HAProxy is killed", node: h.second, breaks: "kill -9 $(pidof haproxy) || :"},
		{name: "HAProxy's worker is killed", node: h.second, breaks: "kill -9 " + worker},
		{name: "HAProxy's worker hangs", node: h.second, breaks: "kill -STOP " + worker, mends: "kill -CONT $(pidof haproxy) || :"},
		{name: "HAProxy's master hangs", node: h.second, breaks: "kill -STOP $(systemctl show -P MainPID haproxy)",
			mends: "kill -CONT $(systemctl show -P MainPID haproxy)", refused: true},
		{name: "keepalived is killed", node: h.second, breaks: "kill -9 $(pidof keepalived) || :"},
		{name: "keepalived's VRRP process is killed", node: h.second, breaks: "kill -9 $(pgrep --parent $(systemctl show -P MainPID keepalived))"},
		{name: "D-Bus is restarted", node: h.first, breaks: "systemctl restart dbus.socket dbus.service", told: true},
		{name: "lbsup is restarted", node: h.first, breaks: "systemctl restart lbsup.service"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, before := h.calm(), row.node.whole(t)
			edition := row.node.edit(t)
			out, code := row.node.midway(t, halfway, func() { row.node.sh(t, row.breaks) })
			t.Logf("lbsup reload ended with %d: %s", code, out)
			if row.refused && code == 0 {
				t.Error("lbsup reload said that the change is live")
			}
			if row.mends != "" {
				row.node.sh(t, row.mends)
			}
			now := row.node.whole(t)
			if code == 0 && now.Number == before.Number {
				t.Errorf("lbsup reload said that the change is live, and generation %d still is", now.Number)
			}
			if row.told && code != 0 && row.node.serves(t, edition) {
				t.Errorf("lbsup reload said that the change is not live, and generation %d is: %s", now.Number, out)
			}
			row.node.goesOn(t, edition)
			h.well(t)
			c.kept(t)
		})
	}
	t.Run("HAProxy is killed on the holder", h.holderDies)
	t.Run("lbsup is replaced by another version", h.replaced)
}

// holderDies is the fault that moves the VIP, and it comes home.
func (h *house) holderDies(t *testing.T) {
	n := h.first
	n.whole(t)
	edition := n.edit(t)
	out, code := n.midway(t, halfway, func() { n.sh(t, "kill -9 $(pidof haproxy) || :") })
	t.Logf("lbsup reload ended with %d: %s", code, out)
	n.whole(t)
	n.goesOn(t, edition)
	h.well(t)
}

// replaced is an upgrade of the programs while the old one is at work.
func (h *house) replaced(t *testing.T) {
	n, dir := h.first, t.TempDir()
	if err := build("lbsup", dir, "99.0"); err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(dir + "/lbsup")
	if err != nil {
		t.Fatal(err)
	}
	c := h.calm()
	edition := n.edit(t)
	out, code := n.midway(t, halfway, func() {
		if err := n.Write(t.Context(), "/usr/bin/lbsup", program, 0o755); err != nil {
			t.Fatal(err)
		}
		n.sh(t, "systemctl try-restart lbsup.service")
	})
	t.Logf("lbsup reload ended with %d: %s", code, out)
	n.whole(t)
	n.goesOn(t, edition)
	if said := n.sh(t, "lbsup status"); !strings.Contains(said, "lbsup 99.0") {
		t.Errorf("status names another version: %s", said)
	}
	h.well(t)
	c.kept(t)
}
