package keepalived

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

// aboutTracking warns of an instance that does not follow HAProxy, and of checks that fail on every node at once.
func aboutTracking(where string, c *cluster.Cluster, i cluster.Instance) (out []Warning) {
	w := newWay(c, i, InstancePlan{})
	switch _, effect := w.tracked(checks.HAProxy); effect {
	case checks.Fault:
	case checks.Lower:
		out = append(out, Warning{where + ".track.checks.haproxy", "a dead HAProxy only lowers the node: it loses the VIPs after " +
			Milliseconds(w.adverts().Took) + " of adverts", "write haproxy: fault"})
	default:
		out = append(out, Warning{where + ".track.checks", "the instance does not track haproxy: its VIPs stay with a dead HAProxy",
			"add haproxy: fault, unless these VIPs have nothing to do with HAProxy"})
	}
	for _, t := range i.Track.Checks {
		what := w.shared(w.definition(t.Check))
		at := where + ".track.checks." + t.Check
		switch {
		case what == "" || t.Effect != checks.Fault:
		case i.Hold:
			out = append(out, Warning{at, "the check looks at " + what + ", the same from every node: it fails on all of them at once and tells nothing about one", "write lower"})
		default:
			out = append(out, Warning{at, "the check looks at " + what + ", the same from every node: when it fails every node is in FAULT, and nobody has the VIPs", "write lower, or hold: true"})
		}
	}
	return out
}

// shared says what a check looks at if that is the same thing whichever node asks. For a combination that is so when no part of it
// can tell the nodes apart.
func (w way) shared(def checks.Definition) string {
	switch p := def.Probe; p.Kind {
	case checks.KindHTTP:
		if u, err := url.Parse(p.HTTP.URL); err == nil && elsewhere(u.Hostname()) {
			return u.Host
		}
	case checks.KindTCP:
		if u, err := url.Parse("//" + p.TCP); err == nil && elsewhere(u.Hostname()) {
			return p.TCP
		}
	case checks.KindBackend:
		return "the servers of " + p.Backend
	case checks.KindAny, checks.KindAll:
		var found []string
		for _, part := range p.Of {
			found = append(found, w.shared(w.definition(part)))
		}
		if len(found) > 0 && (p.Kind == checks.KindAll && slices.ContainsFunc(found, func(s string) bool { return s != "" }) || !slices.Contains(found, "")) {
			return found[slices.IndexFunc(found, func(s string) bool { return s != "" })]
		}
	}
	return ""
}

// elsewhere tells whether a host is the same one for every node.
func elsewhere(host string) bool {
	if host == "" || host == "localhost" {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err != nil || !a.IsLoopback() && !a.IsUnspecified()
}

// slowCheck is how late a tracked check may notice before that deserves a word.
const slowCheck = 5 * time.Second

func aboutChecks(c *cluster.Cluster) (out []Warning) {
	for _, def := range c.Checks {
		if !trackedAnywhere(c, def.Name) {
			continue
		}
		where := "checks." + def.Name
		w := way{cluster: c}
		if late := (Case{Terms: w.detection(def)}).Worst(); late > slowCheck && def.Probe.Kind != checks.KindAny && def.Probe.Kind != checks.KindAll {
			hint := "a shorter interval or fewer looks"
			if def.Probe.Kind == checks.KindExec {
				hint = "a program costs a process at each look: an http, tcp or backend check can look more often"
			}
			out = append(out, Warning{where, fmt.Sprintf("it takes up to %v to notice", late.Round(time.Millisecond)), hint})
		}
		if def.HolderFall < def.Fall {
			out = append(out, Warning{where + ".holder_fall", fmt.Sprintf("the holder lets go after %s, a standby gives up after %s: the VIPs leave for a hiccup",
				looks(def.HolderFall), looks(def.Fall)), "the holder is the one to be patient"})
		}
		if def.Probe.Kind == checks.KindHAProxy && time.Duration(def.HolderFall)*def.Timeout < hiccup {
			out = append(out, Warning{where, fmt.Sprintf("a host that stalls for %v loses its VIPs", time.Duration(def.HolderFall)*def.Timeout), "a longer timeout or a larger fall"})
		}
	}
	return out
}

// hiccup is a pause that a busy host survives.
const hiccup = 250 * time.Millisecond

// trackedAnywhere tells whether a check counts for an instance, by itself or as a part of another.
func trackedAnywhere(c *cluster.Cluster, name string) bool {
	for _, i := range c.VRRP.Instances {
		if slices.ContainsFunc(i.Track.Checks, func(t cluster.TrackedCheck) bool { return t.Check == name && t.Effect != checks.Report }) {
			return true
		}
	}
	return slices.ContainsFunc(c.Checks, func(d checks.Definition) bool {
		return slices.Contains(d.Probe.Of, name) && trackedAnywhere(c, d.Name)
	})
}
