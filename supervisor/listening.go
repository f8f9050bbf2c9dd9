package supervisor

import (
	"context"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/wire"
)

// wirePause is how long lbsup waits for a listener that is not there.
const wirePause = time.Second

// watchWire hears what lbsup-wire hears. Without it everything goes on.
func (n *node) watchWire(ctx context.Context) error {
	for last := ""; ; {
		err := wire.Follow(ctx, render.WireSocket, func() wire.Wish { return wishOf(n.loop.State()) }, n.wishes, func(r wire.Report) {
			last = ""
			n.loop.send(ctx, overheard(n.loop.now(), r))
		})
		if err == nil {
			return nil
		}
		if err.Error() != last {
			last = err.Error()
			n.Log.Warn().Err(err).Msg("nobody listens on the wire")
		}
		n.loop.send(ctx, state.WireLost{At: n.loop.now(), Err: last})
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wirePause):
		}
	}
}

// wishOf is what lbsup-wire shall do: hear the adverts of all instances, and ask who else has the VIPs that are here.
func wishOf(s state.State) wire.Wish {
	var w wire.Wish
	local := s.Installed.Local
	if local == nil || len(local.Peers) == 0 {
		return w
	}
	w.Announce, w.Often = s.Announcements, len(s.Conflicts) > 0
	heard := map[wire.Ear]bool{}
	for _, i := range local.VRRP.Instances {
		ear := wire.Ear{Link: i.Interface, IPv6: i.Addresses[0].Address.Addr().Is6(), Authenticated: i.Auth != nil && i.Auth.Type == "ah"}
		if !heard[ear] {
			heard[ear] = true
			w.Hear = append(w.Hear, ear)
		}
		for _, vip := range i.Addresses {
			if s.Addresses[vip.Address.Addr()] {
				w.Ask = append(w.Ask, wire.Question{Link: vip.Interface, Address: vip.Address.Addr()})
			}
		}
	}
	return w
}

// wishes tells whether a step may have changed what lbsup-wire shall do.
func wishes(before, after state.State, e state.Event) bool {
	_, moved := e.(state.AddressesChanged)
	return moved || before.Installed.Local != after.Installed.Local || before.Announcements != after.Announcements ||
		len(before.Conflicts) != len(after.Conflicts)
}

func overheard(at state.At, r wire.Report) state.WireSeen {
	e := state.WireSeen{At: at, Problems: r.Problems}
	for _, v := range r.Voices {
		e.Adverts = append(e.Adverts, state.Advert{
			Link: v.Link, RouterID: v.RouterID, Source: v.Source, Hardware: v.Hardware, Sent: v.Sent, Passed: v.Passed, Priority: v.Priority, Addresses: v.Addresses,
		})
	}
	for _, c := range r.Claims {
		e.Claims = append(e.Claims, state.Claim(c))
	}
	return e
}
