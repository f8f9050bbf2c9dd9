package supervisor

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

func TestHolder(t *testing.T) {
	first, second := "loadbalancer-1", "loadbalancer-2"
	dead := probed(checks.Failed, "nothing answers")
	restarted := state.Started{At: state.At(noon.Add(time.Hour))}
	stopped := state.UnitChanged{At: state.At(noon), Name: state.KeepalivedUnit, Unit: state.Unit{Active: "inactive", Result: "success"}}
	for _, row := range []struct {
		name      string
		s         state.State
		node, why string
	}{
		{"the preferred node holds", wellNode(t, first, bothVIPs, role("MASTER")), first, "this node is the preferred one and is well"},
		{"the other stands by", wellNode(t, second, role("BACKUP")), first, "this node stands by and is well"},
		{"the other took over", wellNode(t, second, bothVIPs, role("MASTER")), second, "loadbalancer-1, which is preferred, does not claim them; this node is well"},
		{"dead here", wellNode(t, first, dead, role("FAULT")), second, "HAProxy or another check that this node cannot do without has failed here"},
		{"an interface is down", wellNode(t, first, role("FAULT")), second, "keepalived has put this node in FAULT: an interface that it tracks is down"},
		{"nothing heard yet", wellNode(t, first), "", "keepalived has not said yet what this node is"},
		{"restarted on the holder", wellNode(t, first, bothVIPs, restarted), first, "this node is the preferred one and is well"},
		{"restarted on the standby", wellNode(t, second, restarted), first, "this node stands by and is well"},
		{"keepalived is stopped", wellNode(t, first, role("STOP"), stopped), second, "keepalived does not run on this node"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := snapshot(row.s, noon).Instances[0]
			if diff := cmp.Diff([]string{row.node, row.why}, []string{got.Holder, got.Why}); diff != "" {
				t.Errorf("holder and why (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	at := state.At(noon)
	hand := func(name, active string) state.Event {
		return state.UnitChanged{At: at, Name: name, Unit: state.Unit{Active: active, Result: "success"}}
	}
	refused := []state.Event{
		state.Asked{At: at, ID: 1, Verb: "reload", By: "alice"},
		state.Applied{At: at, Report: state.Report{Outcome: state.Rejected, Problems: []status.Problem{{Message: "cannot read services"}}}},
	}
	first := "loadbalancer-1"
	late := state.Tick{At: state.At(noon.Add(20 * time.Second))}
	for _, row := range []struct {
		name string
		s    state.State
		want []string
	}{
		{"all is well", wellNode(t, first, bothVIPs, role("MASTER")), nil},
		{"nothing installed", state.State{}, []string{
			"failing: no cluster file was installed yet",
			"warning: systemd has not told the state of haproxy.service",
			"warning: systemd has not told the state of keepalived.service",
		}},
		{"haproxy stopped by hand", wellNode(t, first, hand(state.HAProxyUnit, "inactive")), []string{
			"failing: haproxy.service was stopped by hand",
			"failing: check haproxy: haproxy.service is stopped by hand",
		}},
		{"keepalived failed and left the VIPs", wellNode(t, first, bothVIPs, hand(state.KeepalivedUnit, "failed")), []string{
			"failing: keepalived.service is failed",
			"failing: VI_1: the VIPs are here but keepalived does not run",
		}},
		{"MASTER without VIPs", wellNode(t, first, role("MASTER")), []string{"failing: VI_1: keepalived is MASTER but the VIPs are not here"}},
		{"a refused change", wellNode(t, first, refused...), []string{
			"warning: the last change, reload by alice, was refused: cannot read services",
		}},
		{"keepalived does not ask", wellNode(t, first, late), []string{
			"failing: keepalived does not ask whether lbsup is alive: its track_script does not run",
			"warning: check haproxy is in doubt: stale: last looked 20s ago, at most 3s expected; was healthy: answers",
		}},
		{"keepalived asks", wellNode(t, first, late,
			state.Questioned{At: state.At(noon.Add(20 * time.Second))}), []string{
			"warning: check haproxy is in doubt: stale: last looked 20s ago, at most 3s expected; was healthy: answers",
		}},
		{"drift", wellNode(t, first, state.Drifted{At: at, Files: []string{"/etc/haproxy/haproxy.cfg"}}), []string{
			"warning: /etc/haproxy/haproxy.cfg was changed by hand",
		}},
		{"unreadable store", wellNode(t, first, state.LoadFailed{At: at, Err: "disk error"}), []string{
			"failing: what is installed cannot be read: disk error",
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got []string
			for _, f := range findings(row.s) {
				got = append(got, f.Severity+": "+f.What)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSnapshotTellsTheWholeNode(t *testing.T) {
	snap := snapshot(wellNode(t, "loadbalancer-1", bothVIPs, role("MASTER")), noon)
	if !snap.Well || snap.Cluster != "ocp0" || snap.Node != "loadbalancer-1" || len(snap.Nodes) != 2 {
		t.Errorf("got well %v, cluster %q, node %q, %d nodes", snap.Well, snap.Cluster, snap.Node, len(snap.Nodes))
	}
	if len(snap.Services) != 4 || snap.Services[0].Bind[0] != "*:6443" || snap.Services[0].Pools[0].Servers[0].Address != "bootstrap.ocp0.sa.boe:6443" {
		t.Errorf("services: %+v", snap.Services)
	}
	if snap.HAProxy.Worker != 101 || snap.HAProxy.Digest != "aaaa" || snap.Generation.Number != 3 {
		t.Errorf("haproxy %+v, generation %+v", snap.HAProxy, snap.Generation)
	}
	data, err := json.Marshal(snap)
	if err != nil || strings.Contains(string(data), "password") {
		t.Errorf("JSON: %v, %s", err, data)
	}
}

func TestAddressOfAServer(t *testing.T) {
	for host, want := range map[string]string{"web1.example": "web1.example:80", "192.0.2.1": "192.0.2.1:80", "2001:db8::1": "[2001:db8::1]:80"} {
		service := cluster.Service{Pools: []cluster.Pool{{Servers: []cluster.Server{{Host: host, Port: 80}}}}}
		if got := serviceOf(service).Pools[0].Servers[0].Address; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestChangeUnderWayIsShown(t *testing.T) {
	s := wellNode(t, "loadbalancer-1", state.Asked{At: state.At(noon), ID: 1, Verb: "reload", By: "alice"})
	if c := snapshot(s, noon).Change; c == nil || c.Phase != "applying" || c.By != "alice" || c.Outcome != "" {
		t.Errorf("change: %+v", c)
	}
}
