package timeline

import (
	"time"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// effective is how long after a change VIPs may still move because of it: a reload of keepalived, and three adverts.
const effective = 15 * time.Second

// changeBehind is the change that moved VIPs, if one did: it gave keepalived another configuration and nothing has moved
// since, or it changed the order of preference. To start keepalived takes nothing from a well peer.
func (e explaining) changeBehind(i status.Instance, m move, f facts) (change, activation *status.Moment) {
	recent := e.within(m.at.Add(-effective), m.at)
	activation = last(recent, func(x status.Moment) bool {
		return x.Kind == status.ActivationKind && x.Subject == state.KeepalivedUnit && x.Fields["outcome"] == "" && x.Fields["how"] != string(state.Start)
	})
	if activation != nil && e.moved(i, activation.Time, m.at) {
		activation = nil
	}
	if activation == nil && (f.priority == nil || f.check != nil) {
		return nil, nil
	}
	return last(recent, func(x status.Moment) bool {
		return x.Kind == status.ChangeKind && (x.Fields["phase"] == "asked" || x.Fields["phase"] == "going back")
	}), activation
}

// moved tells whether the VIPs of an instance moved between two moments.
func (e explaining) moved(i status.Instance, from, to time.Time) bool {
	first := e.effect(from, to.Sub(from), func(x status.Moment) bool { return moves(x) && x.Fields["instance"] == i.Name })
	return first != nil && first.Time.Before(to)
}

// mended is the moment in which keepalived left a FAULT of its own: an interface came back.
func (e explaining) mended(i status.Instance, wide []status.Moment) *status.Moment {
	of := func(x status.Moment) bool { return x.Kind == status.RoleKind && x.Subject == i.Name }
	left := last(wide, func(x status.Moment) bool { return of(x) && x.Fields["from"] == "FAULT" })
	if left == nil {
		return nil
	}
	fell := last(e.within(time.Time{}, left.Time), func(x status.Moment) bool { return of(x) && x.Fields["to"] == "FAULT" })
	if fell == nil || fell.Reason == "" {
		return nil
	}
	return left
}
