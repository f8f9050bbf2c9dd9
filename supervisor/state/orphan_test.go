package state_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
)

// orphaned is a node whose keepalived has just been killed, and has left its VIPs.
func orphaned(t *testing.T, keep bool) *wired {
	t.Helper()
	c := wire(t)
	local := *c.s.Installed.Local
	shape := *local.Cluster
	shape.VRRP.KeepOrphans = keep
	local.Cluster = &shape
	c.s.Installed.Local = &local
	c.log = nil
	c.unit(state.KeepalivedUnit, "failed", "signal", 0)
	return c
}

// due is the end of the wait.
func (c *wired) due() *wired {
	c.wait(650 * time.Millisecond)
	c.send(state.OrphansDue{At: c.at(), Since: c.s.Orphans.Since})
	return c
}

func (c *wired) orphans(want ...string) *wired {
	c.t.Helper()
	c.want(want...)
	return c
}

const (
	wait   = "look for orphans in 622.5ms: keepalived is dead, and its VIPs are here"
	remove = "remove orphans: keepalived is failed (signal) and has left its VIPs here"
)

func orphanWords(a state.Action) (string, bool) {
	switch a := a.(type) {
	case state.LookForOrphans:
		return fmt.Sprintf("look for orphans in %v: %s", a.After, a.Reason), true
	case state.RemoveOrphans:
		return "remove orphans: " + a.Reason, true
	}
	return "", false
}

func TestOrphansAreRemovedAfterTheTakeover(t *testing.T) {
	c := orphaned(t, false).orphans(wait).due().orphans(remove)
	c.send(state.AddressesChanged{At: c.at(), Addresses: vips("172.18.0.11")})
	c.tick()
	c.tick()
	c.orphans()
}

func TestOrphansThatStayAreAskedForAgain(t *testing.T) {
	c := orphaned(t, false).due().orphans(wait, remove)
	c.send(state.OrphansRemoved{At: c.at(), Err: "cannot start unit"})
	if c.s.Orphans.Err != "cannot start unit" {
		t.Errorf("got %q", c.s.Orphans.Err)
	}
	c.tick()
	c.orphans(remove)
	c.wait(-500 * time.Millisecond).tick()
	c.orphans()
}

func TestOrphansAreOnlyReported(t *testing.T) {
	c := orphaned(t, true).orphans().due().orphans()
	for range 5 {
		c.tick()
	}
	c.orphans()
	if !c.s.Orphaned(c.instance()) {
		t.Error("nothing is said of them")
	}
}

// What removes them is keepalived itself, when it comes back or is stopped.
func TestOrphansOfAKeepalivedThatIsThere(t *testing.T) {
	t.Run("it comes back in time", func(t *testing.T) {
		c := orphaned(t, false).orphans(wait)
		c.unit(state.KeepalivedUnit, "active", "success", 201)
		c.due().orphans()
	})
	t.Run("it is just being started", func(t *testing.T) {
		c := orphaned(t, false).orphans(wait)
		c.send(state.UnitChanged{At: c.at(), Name: state.KeepalivedUnit, Unit: state.Unit{Active: "activating", Sub: "start", Since: c.now}})
		c.due().orphans("look for orphans in 200ms: keepalived is starting")
	})
	t.Run("systemd waits with its start", func(t *testing.T) {
		c := orphaned(t, false).orphans(wait)
		c.send(state.UnitChanged{At: c.at(), Name: state.KeepalivedUnit, Unit: state.Unit{Active: "activating", Sub: "auto-restart", Since: c.now}})
		c.due().orphans("remove orphans: keepalived is activating and has left its VIPs here")
	})
	t.Run("it is being stopped", func(t *testing.T) {
		c := wire(t)
		c.log = nil
		c.unit(state.KeepalivedUnit, "deactivating", "success", 200)
		c.orphans()
	})
	t.Run("its starts fail again and again", func(t *testing.T) {
		c := orphaned(t, false).orphans(wait)
		for _, sub := range []string{"auto-restart", "start", "final-sigterm", "auto-restart"} {
			active := map[string]string{"final-sigterm": "deactivating"}[sub]
			if active == "" {
				active = "activating"
			}
			c.wait(5 * time.Millisecond)
			c.send(state.UnitChanged{At: c.at(), Name: state.KeepalivedUnit, Unit: state.Unit{Active: active, Sub: sub, Since: c.now}})
		}
		c.orphans().due().orphans("remove orphans: keepalived is activating and has left its VIPs here")
	})
	t.Run("those of an earlier death", func(t *testing.T) {
		c := orphaned(t, false)
		since := c.s.Orphans.Since
		c.unit(state.KeepalivedUnit, "active", "success", 201)
		c.wait(100 * time.Millisecond)
		c.unit(state.KeepalivedUnit, "failed", "signal", 0)
		c.orphans(wait, wait)
		c.send(state.OrphansDue{At: c.at(), Since: since})
		c.orphans()
	})
}

// That the peer has taken over what is still to be removed here is no split brain. What stays is one.
func TestOrphansAndSplits(t *testing.T) {
	for _, row := range []struct {
		name string
		keep bool
		want bool
	}{{"they go", false, false}, {"they stay", true, true}} {
		t.Run(row.name, func(t *testing.T) {
			c := orphaned(t, row.keep)
			c.says.Adverts = []state.Advert{peer(250, true)}
			c.hear(1500 * time.Millisecond).split(row.want)
			if row.want {
				c.cause("keepalived is dead on this node and has left its VIPs here")
			}
		})
	}
}
