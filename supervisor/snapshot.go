package supervisor

import (
	"net"
	"net/netip"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// snapshot says in the words of status what the state is.
func snapshot(s state.State, now time.Time) status.Snapshot {
	snap := status.Snapshot{
		Time:       now,
		HAProxy:    haproxyOf(s),
		Keepalived: unitOf(state.KeepalivedUnit, s),
		Generation: status.Generation{Number: s.Installed.Number, Installed: s.Installed.At, Digest: s.Installed.HAProxy, ClusterFile: s.Installed.Source, Drift: s.Drift},
		Change:     changeOf(s, now),
		Watching:   s.WatchInput,
	}
	if local := s.Installed.Local; local != nil {
		snap.Cluster, snap.Node = local.Name, local.Node.Name
		snap.Watching = s.WatchInput && local.Watch
		for _, n := range local.Nodes {
			snap.Nodes = append(snap.Nodes, status.Node{Name: n.Name, Address: n.Address.String()})
		}
		for _, i := range local.VRRP.Instances {
			snap.Instances = append(snap.Instances, instanceOf(s, i))
		}
		for _, svc := range local.Services {
			snap.Services = append(snap.Services, serviceOf(svc))
		}
	}
	snap.Checks = checksOf(s)
	snap.Findings = findings(s)
	snap.Well = len(snap.Findings) == 0
	return snap
}

func unitOf(name string, s state.State) status.Unit {
	u := s.Units[name]
	return status.Unit{Unit: name, Active: u.Active, Sub: u.Sub, MainPID: u.MainPID, Since: u.Since}
}

func haproxyOf(s state.State) status.HAProxy {
	return status.HAProxy{
		Unit:    unitOf(state.HAProxyUnit, s),
		Version: s.Worker.Version, Worker: s.Worker.PID, Digest: s.Worker.Digest, Connections: s.Worker.Connections,
	}
}

func changeOf(s state.State, now time.Time) *status.Change {
	if s.Job == nil {
		return s.Last
	}
	c := s.Job.Change
	c.Phase, c.Took = string(s.Job.Phase), now.Sub(c.Asked).Seconds()
	if s.Job.Back {
		c.Phase = "rolling back"
	}
	return &c
}

func checksOf(s state.State) []status.Check {
	kinds, moves := map[string]checks.Kind{checks.Supervisor: checks.KindSupervisor}, map[string][]string{}
	if local := s.Installed.Local; local != nil {
		for _, def := range local.Checks {
			kinds[def.Name] = def.Probe.Kind
		}
		for _, i := range local.VRRP.Instances {
			for _, tracked := range i.Track.Checks {
				if tracked.Effect != checks.Report {
					moves[tracked.Check] = append(moves[tracked.Check], i.Name)
				}
			}
			moves[checks.Supervisor] = append(moves[checks.Supervisor], i.Name)
		}
	}
	var all []status.Check
	for _, v := range s.Verdicts() {
		all = append(all, status.Check{
			Name: v.Check, Kind: string(kinds[v.Check]), Health: v.Health.String(), Reason: v.Reason,
			Since: v.Since, Moves: moves[v.Check],
		})
	}
	return all
}

func instanceOf(s state.State, i cluster.Instance) status.Instance {
	level, role := s.Levels[i.Name], roleOf(s, i)
	out := status.Instance{
		Name: i.Name, RouterID: i.RouterID, State: role.Name, Since: role.Since, Prefer: i.Prefer,
		Priority: level.Effective, Reason: level.Reason,
		Wanted: wellPriority(s, i.Name),
	}
	for _, vip := range i.Addresses {
		out.VIPs = append(out.VIPs, status.VIP{
			Address: vip.Address.String(), Interface: vip.Interface, Here: s.Addresses[vip.Address.Addr()],
		})
	}
	out.Holder, out.Why = holder(s, i, out)
	return out
}

// wellPriority is what this node is worth for an instance when every check is healthy.
func wellPriority(s state.State, instance string) int {
	well := func(check string) checks.Verdict { return checks.Verdict{Check: check, Health: checks.Healthy} }
	return s.Installed.Plan.Instance(instance).Value(s.Installed.Local.Node.Name, well, false).Effective
}

func serviceOf(svc cluster.Service) status.Service {
	out := status.Service{Name: svc.Name, Mode: string(svc.Mode)}
	for _, b := range svc.Bind {
		out.Bind = append(out.Bind, bindText(b))
	}
	for _, pool := range svc.Pools {
		p := status.Pool{Name: pool.Name}
		for _, server := range pool.Servers {
			p.Servers = append(p.Servers, status.Server{
				Name: server.Name, Address: net.JoinHostPort(server.Host, strconv.Itoa(int(server.Port))), Backup: server.Backup,
			})
		}
		out.Pools = append(out.Pools, p)
	}
	return out
}

func bindText(b cluster.Bind) string {
	if !b.Address.IsValid() {
		return "*:" + strconv.Itoa(int(b.Port))
	}
	return netip.AddrPortFrom(b.Address, b.Port).String()
}
