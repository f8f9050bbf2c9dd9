package keepalived

import (
	"fmt"
	"time"

	"github.com/lbsup/lbsup/checks"
)

// tracked returns a check and what it does to the instance; no effect at all if the instance does not track it.
func (w way) tracked(name string) (checks.Definition, checks.Effect) {
	for _, t := range w.instance.Track.Checks {
		if t.Check == name {
			return w.definition(name), t.Effect
		}
	}
	return w.definition(name), ""
}

func (w way) definition(name string) checks.Definition {
	for _, def := range w.cluster.Checks {
		if def.Name == name {
			return def
		}
	}
	return checks.Definition{Name: name}
}

// checkCases are the tracked checks other than haproxy. What fails for certain is told apart from doubt where that matters.
func (w way) checkCases() (out []Case) {
	for _, t := range w.instance.Track.Checks {
		def := w.definition(t.Check)
		c := Case{Name: t.Check + "-failed", What: "check " + t.Check + " failed", Noticed: noticedBy(def)}
		switch {
		case t.Check == checks.HAProxy || t.Effect != checks.Fault && t.Effect != checks.Lower:
		case t.Effect == checks.Fault:
			doubt := c
			doubt.Name, doubt.What = t.Check+"-doubtful", "check "+t.Check+" in doubt"
			out = append(out, w.faulted(c, w.detection(def)...), w.lowered(doubt, w.detection(def)...))
		default:
			c.What += " or in doubt"
			out = append(out, w.lowered(c, w.detection(def)...))
		}
	}
	return out
}

// detection is how long a check takes to change its mind on the node that holds the VIPs. That of a combined check follows from its
// parts at once, so the slowest of them counts.
func (w way) detection(def checks.Definition) []Term {
	switch def.Probe.Kind {
	case checks.KindAny, checks.KindAll:
		var slowest []Term
		for _, part := range def.Probe.Of {
			if terms := w.detection(w.definition(part)); (Case{Terms: terms}).Worst() > (Case{Terms: slowest}).Worst() {
				slowest = terms
			}
		}
		return slowest
	case checks.KindBackend:
		return []Term{{"notice", notice}} // HAProxy has counted rise and fall itself
	default:
		return w.looking(def)
	}
}

// looking is the row of looks that end a verdict: the thing dies just after one has begun, and the last waits for its deadline.
func (w way) looking(def checks.Definition) []Term {
	return []Term{{looks(def.HolderFall), time.Duration(def.HolderFall) * def.Interval}, {"deadline", def.Timeout}}
}

func looks(n int) string {
	if n == 1 {
		return "1 look"
	}
	return fmt.Sprintf("%d looks", n)
}

func noticedBy(def checks.Definition) string {
	every := fmt.Sprintf("%s, one every %v", looks(def.HolderFall), def.Interval)
	switch def.Probe.Kind {
	case checks.KindAny, checks.KindAll:
		return "the checks that it combines"
	case checks.KindBackend:
		return "HAProxy's word for it, at once"
	default:
		return every
	}
}
