package haproxy

import "github.com/lbsup/lbsup/render/cluster"

// Plan is how a HAProxy that runs one configuration comes to run another.
type Plan struct {
	// Changes are those of servers that the runtime API knows. For each pool what comes stands before what goes, so that no pool is
	// empty in between.
	Changes []Change
	// Reload is why the runtime API is not enough. If it is empty, Changes are the whole difference; if not, one reload makes
	// everything, Changes too.
	Reload []Reason
}

// Reason is one thing that only a reload can make.
type Reason struct {
	Where string // in the words of the cluster file, such as "services.api-server"
	What  string
}

func (r Reason) String() string { return r.Where + ": " + r.What }

// Difference compares two views of one node's cluster for the HAProxy that runs, and that has stopped some of its frontends for good:
// a service that was disabled when HAProxy started has none of which it knows. It cannot see into the files that they name: a
// changed certificate or password is a reason of its own.
func Difference(before, after *cluster.Local, running Build, stopped ...string) Plan {
	d := difference{before: before, after: after, running: running, stopped: stopped, said: map[Reason]bool{}, verified: verifies(before)}
	d.haproxy()
	d.stats()
	d.services()
	return d.plan
}

// difference is a plan while it is being made.
type difference struct {
	before, after *cluster.Local
	running       Build
	stopped       []string // frontends that only a reload opens
	verified      bool     // some server's certificate is verified already
	said          map[Reason]bool
	plan          Plan
}

// reload adds a reason. Several servers of a pool may have the same one.
func (d *difference) reload(where, what string) {
	if r := (Reason{where, what}); !d.said[r] {
		d.said[r] = true
		d.plan.Reload = append(d.plan.Reload, r)
	}
}

func (d *difference) change(where, what string, do Operation) {
	d.plan.Changes = append(d.plan.Changes, Change{where, what, do})
}
