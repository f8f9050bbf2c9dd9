package supervisor

import (
	"context"
	"net/netip"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/checks/health"
	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/haproxy"
	"github.com/lbsup/lbsup/supervisor/keepalived"
	"github.com/lbsup/lbsup/supervisor/kernel"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/systemd"
)

// What the adapters say, in the words of state.

func (n *node) watchUnits(ctx context.Context) error {
	return n.units.Watch(ctx, []string{state.HAProxyUnit, state.KeepalivedUnit}, func(u systemd.Unit) {
		n.loop.send(ctx, state.UnitChanged{At: n.loop.now(), Name: u.Name, Unit: state.Unit{
			Active: u.ActiveState, Sub: u.SubState, Result: u.Result, MainPID: u.MainPID, Since: u.Since,
		}})
	})
}

func (n *node) watchAddresses(ctx context.Context) error {
	return kernel.Addresses(ctx, func(links map[string][]netip.Prefix) {
		var all []netip.Addr
		for _, prefixes := range links {
			for _, p := range prefixes {
				all = append(all, p.Addr())
			}
		}
		n.loop.send(ctx, state.AddressesChanged{At: n.loop.now(), Addresses: all})
	})
}

func (n *node) watchTransitions(ctx context.Context) error {
	fifo := keepalived.FIFO{Path: render.NotifyFIFO, Trouble: func(err error) { n.Log.Warn().Err(err).Msg("keepalived wrote what lbsup cannot read") }}
	for {
		err := fifo.Run(ctx, func(t keepalived.Transition) {
			n.transited(ctx, t)
		})
		if err == nil {
			return nil
		}
		n.Log.Warn().Err(err).Msg("transitions are not seen; addresses still are")
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(fifoPause):
		}
	}
}

// transited tells of an instance's state and priority. keepalived writes events into the FIFO too, which are no states:
// MASTER_PRIORITY, MASTER_RX_LOWER_PRI and the like.
func (n *node) transited(ctx context.Context, t keepalived.Transition) {
	if t.Group {
		return
	}
	if t.Old {
		n.loop.send(ctx, state.RoleChanged{At: n.loop.now(), Instance: t.Name, Role: t.State, Old: true})
		return
	}
	switch t.State {
	case keepalived.Master, keepalived.Backup, keepalived.Fault, keepalived.Stop:
		n.loop.send(ctx, state.RoleChanged{At: n.loop.now(), Instance: t.Name, Role: t.State})
	case keepalived.HeardLower:
		n.loop.send(ctx, state.LowerHeard{At: n.loop.now(), Instance: t.Name})
	}
	n.loop.send(ctx, state.PriorityTold{At: n.loop.now(), Instance: t.Name, Priority: t.Priority})
}

// fifoPause is how long lbsup waits for a FIFO that is not there: the VIPs are seen by the kernel's addresses all the same.
const fifoPause = 5 * time.Second

// questioned notes that keepalived asks. Anybody may ask, and call himself what he likes; the kernel vouches for the user.
func (n *node) questioned(ctx context.Context, q health.Question) {
	if q.Check != checks.Supervisor || strconv.Itoa(q.User) != n.scriptUser {
		return
	}
	n.showing.tally.Asked()
	n.loop.send(ctx, state.Questioned{At: n.loop.now()})
}

// userID returns the number of a user, "" if there is none.
func userID(name string) string {
	u, err := user.Lookup(name)
	if err != nil {
		return ""
	}
	return u.Uid
}

// watchServers hears of servers that go up or down, and gives its connection up when another worker answers: held, it
// would keep the old one alive.
func (n *node) watchServers(ctx context.Context) error {
	return haproxy.Events{Socket: render.StatsSocket, Ring: render.EventRing}.Run(ctx, n.renewed, n.probes.serversChanged)
}

// observed tells what the haproxy check has found. The worker is told of where the state believes something else of it, whoever told that: each event is a
// turn of the loop, and there are five checks a second.
func (n *node) observed(ctx context.Context, o haproxy.Observation) {
	if o.Info.PID != 0 {
		if before := n.worker.Swap(int64(o.Info.PID)); before != int64(o.Info.PID) {
			n.workers.gave(int(before))
			signal(n.renewed)
		}
		if w := worker(o.Info); w != n.loop.State().Worker {
			n.loop.send(ctx, state.WorkerSeen{At: state.At(o.Result.At), Worker: w})
		}
	}
	n.loop.send(ctx, state.Probed{At: state.At(o.Result.At), Result: o.Result})
}

func worker(info haproxy.Info) state.Worker {
	return state.Worker{PID: info.PID, Version: info.Version, Digest: digest(info), Connections: info.Connections}
}

// descriptionMark is what the renderer puts before the digest in HAProxy's description.
const descriptionMark = "lbsup "

// digest is what the worker runs: its own mark, where it was changed at run time, or the text that it was started with.
func digest(info haproxy.Info) string {
	if info.Mark != "" {
		return info.Mark
	}
	d, found := strings.CutPrefix(strings.Trim(info.Description, `"`), descriptionMark)
	if !found {
		return ""
	}
	return d
}
