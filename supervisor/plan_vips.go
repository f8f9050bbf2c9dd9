package supervisor

import (
	"slices"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/status"
)

// vipEffects says what VRRP does with each VIP that a change is about, once every node has the new file. VIPs that it is
// not about stay where they are: a reload of keepalived keeps its state and misses no advert.
func vipEffects(before, after *cluster.Local) []status.VIPEffect {
	var out []status.VIPEffect
	old := map[string]cluster.Instance{}
	if before != nil {
		for _, i := range before.VRRP.Instances {
			old[i.Name] = i
		}
	}
	elections := electionTimes(after.Cluster)
	for _, i := range after.VRRP.Instances {
		was := old[i.Name]
		delete(old, i.Name)
		out = append(out, instanceEffects(was, i, elections[i.Name])...)
	}
	if before != nil {
		for _, i := range before.VRRP.Instances {
			if _, gone := old[i.Name]; gone {
				out = append(out, effect(i, i.Addresses, status.VIPEffect{Outcome: status.VIPGoes, Why: "no instance of the file has it any more"}))
			}
		}
	}
	return out
}

// instanceEffects compares an instance with what it was, the zero Instance where it is new.
func instanceEffects(was, is cluster.Instance, election time.Duration) []status.VIPEffect {
	worst := float64(election) / float64(time.Millisecond)
	gone, kept, come := apart(was.Addresses, is.Addresses)
	out := []status.VIPEffect{effect(was, gone, status.VIPEffect{Outcome: status.VIPGoes, Why: "it is not in the file any more"})}
	switch {
	case was.Name == "":
		out = append(out, effect(is, come, status.VIPEffect{Outcome: status.VIPComes, To: is.Prefer[0], Worst: worst, Why: "its instance is new: the preferred node waits for adverts of others first"}))
	default:
		out = append(out, effect(is, come, status.VIPEffect{Outcome: status.VIPComes, Why: "with the reload, on the node that has the others of the instance"}))
	}
	switch {
	case len(kept) == 0:
	case was.RouterID != is.RouterID || was.Interface != is.Interface:
		out = append(out, effect(is, kept, status.VIPEffect{Outcome: status.VIPTwice, Why: "nodes with different router IDs or interfaces do not hear each other: each has it until all have this file"}))
	case was.Prefer[0] != is.Prefer[0] && is.Preempt:
		out = append(out, effect(is, kept, status.VIPEffect{Outcome: status.VIPMoves, To: is.Prefer[0], Worst: worst, Why: "that node is preferred now; the other one answers until it takes over"}))
	}
	return slices.DeleteFunc(out, func(e status.VIPEffect) bool { return len(e.Addresses) == 0 })
}

func effect(i cluster.Instance, vips []cluster.VIP, e status.VIPEffect) status.VIPEffect {
	e.Instance = i.Name
	for _, v := range vips {
		e.Addresses = append(e.Addresses, v.Address.Addr().String())
	}
	return e
}

// apart sorts the VIPs of an instance by whether they were there, are there, or both. One that only changes its interface goes
// and comes.
func apart(was, is []cluster.VIP) (gone, kept, come []cluster.VIP) {
	same := func(v cluster.VIP) func(cluster.VIP) bool {
		return func(o cluster.VIP) bool { return o.Address == v.Address && o.Interface == v.Interface }
	}
	for _, v := range was {
		if slices.ContainsFunc(is, same(v)) {
			kept = append(kept, v)
		} else {
			gone = append(gone, v)
		}
	}
	for _, v := range is {
		if !slices.ContainsFunc(was, same(v)) {
			come = append(come, v)
		}
	}
	return gone, kept, come
}

// electionTimes is how long the preferred node of each instance waits at worst until it has the VIPs: as long as the next one
// does when the adverts of the holder fail to come.
func electionTimes(c *cluster.Cluster) map[string]time.Duration {
	times := map[string]time.Duration{}
	for _, f := range keepalived.Failovers(c) {
		for _, one := range f.Cases {
			if one.Name == "host-dead" {
				times[f.Instance] = one.Worst()
			}
		}
	}
	return times
}
