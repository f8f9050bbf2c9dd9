package keepalived

import (
	"fmt"
	"slices"

	"github.com/lbsup/lbsup/checks"
)

// haproxyCases are the ways in which HAProxy can stop working.
func (w way) haproxyCases() []Case {
	killed := Case{Name: "kill-9-haproxy", What: "HAProxy killed", Noticed: "the end of its process",
		Note: fmt.Sprintf("%s more if a worker dies alone and its master lives on", Milliseconds(grace))}
	stopped := Case{Name: "systemctl-stop-haproxy", What: "HAProxy stopped", Noticed: "the end of its process"}
	wedged := Case{Name: "sigstop-haproxy", What: "HAProxy wedged"}
	def, effect := w.tracked(checks.HAProxy)
	if effect != checks.Fault && effect != checks.Lower {
		for _, c := range []*Case{&killed, &stopped, &wedged} {
			c.Noticed, c.Note = "nobody: haproxy is not tracked", "the VIPs stay with a dead HAProxy"
		}
		return []Case{w.stays(killed), w.stays(stopped), w.stays(wedged)}
	}
	wedged.Noticed = looks(def.HolderFall) + " without an answer"
	death := w.faulted
	if effect == checks.Lower {
		death = w.lowered
	}
	ended := Term{"notice", notice}
	return []Case{death(killed, ended), death(stopped, ended), w.lowered(wedged, w.looking(def)...)}
}

// keepalivedCases are those in which keepalived is not there to do anything about it.
func (w way) keepalivedCases() []Case {
	killed := Case{Name: "kill-9-keepalived", What: "keepalived killed", Noticed: "adverts that fail to come",
		Note: fmt.Sprintf("until systemd has started it again (%s) the VIPs answer here", Milliseconds(restart))}
	stopped := Case{Name: "systemctl-stop-keepalived", What: "keepalived stopped", Noticed: "its last advert, of priority 0"}
	host := Case{Name: "host-dead", What: "the host dead or cut off", Noticed: "adverts that fail to come"}
	return []Case{w.silence(killed), w.goodbye(stopped), w.silence(host)}
}

// supervisorCases are the ways in which lbsup itself can stop working.
func (w way) supervisorCases() []Case {
	killed := Case{Name: "lbsup-killed", What: "lbsup killed or restarted", Noticed: "systemd",
		Note: "what keepalived asks meanwhile waits at the socket"}
	wedged := Case{Name: "lbsup-wedged", What: "lbsup wedged",
		Noticed: fmt.Sprintf("%d questions without an answer", questionFall),
		Note:    fmt.Sprintf("the watchdog has it started again after %s", watchdog)}
	gone := Case{Name: "lbsup-gone", What: "lbsup stopped for good", Noticed: fmt.Sprintf("%d questions refused", questionFall)}
	unusable := Case{Name: "lbsup-check-unusable", What: "lbsup-check not executable",
		Noticed: "lbsup, which nobody asks any more", Note: "keepalived takes a script that it cannot run for a good answer; the track files go on working"}
	asked := Term{fmt.Sprintf("%d questions", questionFall), questionFall * questionInterval}
	return []Case{
		w.stays(killed), w.unsupervised(wedged, asked, Term{"deadline", questionTimeout}),
		w.unsupervised(gone, asked, Term{"notice", notice}), w.stays(unusable),
	}
}

// unsupervised: keepalived itself lowers the node, by the weight of the health question.
func (w way) unsupervised(c Case, detection ...Term) Case {
	return w.end(c, Stays, detection, w.masterDown(w.plan.well(w.next))...)
}

// linkCases are the interfaces whose loss keepalived takes for FAULT: that of the adverts, those of the VIPs, those tracked.
func (w way) linkCases() []Case {
	adverts := Case{Name: "link-" + w.instance.Interface, What: "link " + w.instance.Interface + " (adverts)",
		Noticed: "adverts that fail to come"}
	out := []Case{w.silence(adverts)}
	for _, link := range w.otherLinks() {
		c := Case{Name: "link-" + link, What: "link " + link, Noticed: "keepalived, by netlink"}
		out = append(out, w.goodbye(c, Term{"notice", notice}))
	}
	return out
}

func (w way) otherLinks() (out []string) {
	for _, v := range w.instance.Addresses {
		out = append(out, v.Interface)
	}
	out = append(out, w.instance.Track.Interfaces...)
	out = slices.DeleteFunc(out, func(link string) bool { return link == w.instance.Interface })
	slices.Sort(out)
	return slices.Compact(out)
}

// everywhereCases are those that meet every node at once.
func (w way) everywhereCases() []Case {
	dead := Case{Name: "every-haproxy-dead", What: "every HAProxy dead", Noticed: "on each node as above", Outcome: Lost, Note: "no node may have the VIPs"}
	_, effect := w.tracked(checks.HAProxy)
	if w.plan.Hold || effect != checks.Fault {
		dead.Outcome, dead.Note = Stays, "they refuse connections there"
	}
	lbsup := Case{Name: "every-lbsup-dead", What: "every lbsup dead", Noticed: "on each node as above",
		Note: "all nodes are lowered alike, and none would notice a dead HAProxy"}
	out := []Case{dead}
	if effect == checks.Fault || effect == checks.Lower {
		out = append(out, w.back(dead.Outcome))
	}
	return append(out, w.stays(lbsup))
}

// back is the first HAProxy that comes back when all were dead. Its node leaves FAULT as a backup and waits for adverts first; the
// last in preference, which still recovers, waits the longest.
func (w way) back(was Outcome) Case {
	c := Case{Name: "both-dead-one-back", What: "… and one is back", Noticed: "an answer of its runtime API", Outcome: Moves, To: "its node"}
	if was == Stays {
		c.Note = "at once if its node has them still"
	}
	lowest := w.plan.well("") - w.plan.Spread - leastDoubt
	c.Terms = slices.Concat([]Term{{"notice", revive}, pushed}, w.masterDown(lowest), []Term{{"takeover", promote}})
	return c
}
