package state

import (
	"net/netip"
	"slices"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// unitChanged believes systemd. A stopped haproxy.service is certain death, whatever else is known; a unit that is
// reloading or restarting itself is not.
func (t *turn) unitChanged(e UnitChanged) {
	unit := e.Unit
	before, seen := t.Units[e.Name]
	// A unit that is down at first sight was stopped while lbsup was not there, or waits for its turn in a boot. One that was stopped before lbsup
	// had installed anything was stopped for lbsup's sake.
	before.ByHand = before.ByHand || !seen && t.Installed.Local != nil
	unit.ByHand = stoppedByHand(before, unit, t.Job)
	unit.Starting = startOf(before, unit, t.now)
	t.Units = with(t.Units, e.Name, unit)
	givenUp := unit.Active == "activating" && unit.Starting.IsZero() && !before.Starting.IsZero() // and tried again in a while
	dead := unit.Active == "activating" && t.Verdict(checks.HAProxy).Health == checks.Failed
	if e.Name == HAProxyUnit && (unit.stopped() || givenUp || dead) {
		t.probed(checks.Result{Check: checks.HAProxy, Health: checks.Failed, Sure: true, At: t.now, Reason: HAProxyUnit + " is " + unit.words()})
	}
}

func (u Unit) stopped() bool {
	return u.Active == "inactive" || u.Active == "failed" || u.Active == "deactivating"
}

// Running tells whether the daemon is up.
func (u Unit) Running() bool { return u.Active == "active" || u.Active == "reloading" }

func (u Unit) words() string {
	switch {
	case u.ByHand:
		return "stopped by hand"
	case u.Active == "failed":
		return "failed (" + u.Result + ")"
	default:
		return u.Active
	}
}

// stoppedByHand tells a stop that a person asked systemd for from a crash: the unit ended well and stays ended. What
// lbsup itself restarts is not by hand.
func stoppedByHand(before, now Unit, job *Job) bool {
	if now.Active != "inactive" && now.Active != "deactivating" || now.Result != "success" {
		return false
	}
	if job != nil && job.Phase == Activating {
		return false
	}
	return before.ByHand || before.Running()
}

// roleChanged believes keepalived. Since when a state is that was told while lbsup was away nobody knows, and whether it still is: it has no time.
func (t *turn) roleChanged(e RoleChanged) {
	if !t.knows(e.Instance) {
		return
	}
	role := Role{Name: e.Role, Since: t.now}
	if e.Old {
		role.Since = time.Time{}
	}
	t.Roles = with(t.Roles, e.Instance, role)
}

// knows tells whether an instance is one of ours: anything may be in the FIFO.
func (s State) knows(instance string) bool {
	return s.Installed.Local != nil && slices.ContainsFunc(s.Installed.Local.VRRP.Instances, func(i cluster.Instance) bool { return i.Name == instance })
}

func (t *turn) workerSeen(w Worker) {
	t.Worker = w
}

func (t *turn) addressesChanged(addresses []netip.Addr) {
	t.Addresses = make(map[netip.Addr]bool, len(addresses))
	for _, a := range addresses {
		t.Addresses[a] = true
	}
}

// Holds tells whether the kernel of this node has every VIP of an instance.
func (s State) Holds(instance string) bool {
	if s.Installed.Local == nil {
		return false
	}
	for _, i := range s.Installed.Local.VRRP.Instances {
		if i.Name == instance {
			return s.holds(i)
		}
	}
	return false
}

func (s State) holds(i cluster.Instance) bool {
	return !slices.ContainsFunc(i.Addresses, func(vip cluster.VIP) bool { return !s.Addresses[vip.Address.Addr()] })
}
