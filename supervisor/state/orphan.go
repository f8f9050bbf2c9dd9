package state

import (
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// Orphans are VIPs that are here while no keepalived is that has them.
type Orphans struct {
	Since time.Time // zero: there are none
	Asked time.Time // when their removal was last asked for
	Err   string    // why they could not be removed
}

// LookForOrphans looks again after a while whether a keepalived has come to own the VIPs.
type LookForOrphans struct {
	Since  time.Time // of which orphans
	After  time.Duration
	Reason string
}

// RemoveOrphans has root take the VIPs off this node.
type RemoveOrphans struct{ Reason string }

// OrphansDue is the end of the while.
type OrphansDue struct {
	At
	Since time.Time
}

// OrphansRemoved is the end of a removal.
type OrphansRemoved struct {
	At
	Err string
}

func (LookForOrphans) action() {}
func (RemoveOrphans) action()  {}

// orphans notices VIPs that a dead keepalived has left, and that they are gone. What was refused or failed is asked for
// again at a tick.
func (t *turn) orphans() {
	switch is := t.orphaned(); {
	case !is:
		t.Orphans = Orphans{}
	case t.Orphans.Since.IsZero():
		t.Orphans = Orphans{Since: t.now}
		if t.removesOrphans() {
			t.do(LookForOrphans{Since: t.now, After: t.takeover(), Reason: "keepalived is dead, and its VIPs are here"})
		}
	case t.tick && t.now.Sub(t.Orphans.Since) > t.takeover():
		t.remove()
	}
}

// removalTime is how long a removal may take before it is asked for again.
const removalTime = time.Second

// startTime is how long keepalived may take to start, or to fail.
const startTime = 200 * time.Millisecond

// orphaned tells whether VIPs are here whose keepalived is dead. One that is being stopped takes them along; but systemd calls it stopping too when it
// tidies up after a start that failed.
func (t *turn) orphaned() bool {
	unit, known := t.Units[KeepalivedUnit]
	if t.Installed.Local == nil || !known || unit.Running() || unit.Active == "deactivating" && t.Orphans.Since.IsZero() {
		return false
	}
	for _, i := range t.Installed.Local.VRRP.Instances {
		if t.HasAny(i) {
			return true
		}
	}
	return false
}

// removesOrphans tells whether they are to be removed: the cluster file says so, and there is somebody to take them.
func (s State) removesOrphans() bool {
	local := s.Installed.Local
	return local != nil && !local.VRRP.KeepOrphans && len(local.Peers) > 0
}

// takeover is how long a peer takes to have the VIPs: three adverts that it misses, and its skew time. Until then they answer better here than nowhere.
func (t *turn) takeover() time.Duration {
	advert := t.Installed.Local.VRRP.AdvertInterval
	return 3*advert + advert/16 + 10*time.Millisecond
}

// orphansDue asks for their removal, unless keepalived has gone or come in between, or just starts: it takes them off itself.
func (t *turn) orphansDue(e OrphansDue) {
	if t.orphaned() && t.Orphans.Since.Equal(e.Since) {
		t.remove()
	}
}

func (t *turn) remove() {
	switch unit := t.Units[KeepalivedUnit]; {
	case !t.removesOrphans() || t.now.Sub(t.Orphans.Asked) < removalTime:
		return
	case !unit.Starting.IsZero():
		t.do(LookForOrphans{Since: t.Orphans.Since, After: startTime, Reason: "keepalived is starting"})
		return
	}
	t.Orphans.Asked = t.now
	t.do(RemoveOrphans{Reason: "keepalived is " + t.Units[KeepalivedUnit].words() + " and has left its VIPs here"})
}

func (t *turn) orphansRemoved(e OrphansRemoved) { t.Orphans.Err = e.Err }

// Orphaned tells of which instance orphans are here that are worth telling of: they are to be removed, or they stay.
func (s State) Orphaned(i cluster.Instance) bool {
	o := s.Orphans
	return !o.Since.IsZero() && s.HasAny(i) && (!o.Asked.IsZero() || s.Ticked.Sub(o.Since) >= time.Second)
}
