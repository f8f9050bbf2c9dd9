package timeline

import (
	"strconv"
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// How far before a move its causes are looked for, and how far after: keepalived's word, systemd's and the kernel's come
// in any order.
const (
	before = 30 * time.Second // three lost adverts of five seconds, the skew, and what a change takes
	beside = 5 * time.Second
	behind = 2 * time.Second

	settled = time.Second // after which a keepalived has no more to clean up
)

// facts are what is on record around a move; nil is what is not.
type facts struct {
	at         time.Time
	role       *status.Moment // keepalived's transition
	priority   *status.Moment // the number that speaks for the move
	check      *status.Moment // the verdict behind it
	daemon     *status.Moment // what became of HAProxy behind that
	ended      *status.Moment // keepalived did, or was restarted
	started    *status.Moment
	mended     *status.Moment // keepalived left FAULT, where lbsup had not put it
	reload     *status.Moment // of keepalived, that lbsup has not asked for
	clock      *status.Moment
	change     *status.Moment // somebody asked for one
	activation *status.Moment
}

func (e explaining) facts(i status.Instance, m move) facts {
	near, wide := e.within(m.at.Add(-beside), m.at.Add(behind)), e.within(m.at.Add(-before), m.at)
	f := facts{
		at: m.at,
		role: last(near, func(x status.Moment) bool {
			return x.Kind == status.RoleKind && x.Subject == i.Name && speaks(x, m.here)
		}),
		priority: e.priority(i, m, wide),
		ended:    e.ended(m, near),
		started:  last(wide, func(x status.Moment) bool { return ofKeepalived(x) && started(x) }),
		mended:   e.mended(i, wide),
		reload:   last(near, func(x status.Moment) bool { return ofKeepalived(x) && x.Fields["to"] == "reloading" }),
		clock:    last(near, func(x status.Moment) bool { return x.Kind == status.ClockKind && covers(x, m.at) }),
	}
	if f.priority != nil {
		f.check = e.verdictBehind(*f.priority, m.here)
	}
	if f.check != nil {
		f.daemon = e.daemonBehind(*f.check)
	}
	f.change, f.activation = e.changeBehind(i, m, f)
	return f
}

// speaks tells whether a transition is one to or from MASTER.
func speaks(x status.Moment, here bool) bool { return (x.Fields["to"] == "MASTER") == here }

// priority is the last number that keepalived was told before a move, if it speaks for the move. One told at the same
// moment follows from it. A rise takes the VIPs from a well peer only where this node is preferred and at its best.
func (e explaining) priority(i status.Instance, m move, wide []status.Moment) *status.Moment {
	told := last(wide, func(x status.Moment) bool {
		return x.Kind == status.PriorityKind && x.Subject == i.Name && x.Time.Before(m.at)
	})
	if told == nil {
		return nil
	}
	from, had := number(*told, "from")
	to, _ := number(*told, "to")
	if !had {
		from = i.Wanted // the first word of a lbsup that has just started
	}
	if m.here && had && to > from && to >= i.Wanted && e.preferred(i) || !m.here && to < from {
		return told
	}
	return nil
}

// ended is the end of keepalived that took the VIPs along. The next process cleans up what the one before has left, so its
// start does not speak against that, unless it was there for a while.
func (e explaining) ended(m move, near []status.Moment) *status.Moment {
	end := last(near, func(x status.Moment) bool { return ofKeepalived(x) && ended(x) })
	if end == nil {
		return nil
	}
	if last(e.within(end.Time, m.at.Add(-settled)), func(x status.Moment) bool { return ofKeepalived(x) && started(x) && !ended(x) }) != nil {
		return nil
	}
	return end
}

// covers tells whether a host that stood still did so at a moment. A timer that fired late says that it did at some time
// since the one before.
func covers(x status.Moment, at time.Time) bool {
	late, err := strconv.ParseFloat(x.Fields["late_seconds"], 64)
	if err != nil {
		return true // the clock was set: no telling
	}
	began := x.Time.Add(-period - time.Duration(late*float64(time.Second)))
	return !at.Before(began) && !at.After(x.Time.Add(settled))
}

func ofKeepalived(x status.Moment) bool {
	return x.Kind == status.DaemonKind && x.Subject == state.KeepalivedUnit
}

// ended tells whether a process did: the unit is down, or up with another one.
func ended(x status.Moment) bool {
	from, to := x.Fields["from"], x.Fields["to"]
	return to != "active" && to != "reloading" || from == "active" && to == "active"
}

func started(x status.Moment) bool {
	return x.Fields["to"] == "active"
}
