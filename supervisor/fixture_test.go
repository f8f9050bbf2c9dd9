package supervisor

import (
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
)

// longAgo is before every clock of these tests, that of synctest too.
var longAgo = time.Unix(0, 0)

// noon is the clock of these tests.
var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

func parse(t *testing.T, text string) *cluster.Cluster {
	t.Helper()
	c, problems := cluster.Parse("lbsup.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func openshift(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../test/clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// installed is generation 3 of the OpenShift pair on one of its nodes.
func installed(t *testing.T, node string) state.Installed {
	t.Helper()
	c := parse(t, openshift(t))
	local, err := c.Local(node)
	if err != nil {
		t.Fatal(err)
	}
	return state.Installed{
		Number: 3, Previous: 2, At: longAgo, HAProxy: "aaaa", Local: local, Plan: keepalived.NewPlan(c),
		Keepalived: state.Origin{Generation: 3, At: longAgo},
	}
}

// wellNode is the state of a node on which all is well; events change that.
func wellNode(t *testing.T, name string, events ...state.Event) state.State {
	t.Helper()
	at := state.At(noon)
	s := state.State{WatchInput: true}
	first := []state.Event{
		state.Loaded{At: at, Installed: installed(t, name)},
		state.UnitChanged{At: at, Name: state.HAProxyUnit, Unit: state.Unit{Active: "active", Result: "success", MainPID: 100, Since: noon}},
		state.UnitChanged{At: at, Name: state.KeepalivedUnit, Unit: state.Unit{Active: "active", Result: "success", MainPID: 200, Since: noon}},
		state.WorkerSeen{At: at, Worker: state.Worker{PID: 101, Version: "2.6.12", Digest: "aaaa"}},
		probed(checks.Healthy, "answers"),
		state.Tick{At: at},
	}
	for _, e := range append(first, events...) {
		s, _ = state.Step(s, e)
	}
	return s
}

func probed(h checks.Health, reason string) state.Probed {
	return state.Probed{At: state.At(noon), Result: checks.Result{Check: checks.HAProxy, Health: h, Sure: h == checks.Failed, Reason: reason, At: noon}}
}

func addresses(all ...string) state.AddressesChanged {
	e := state.AddressesChanged{At: state.At(noon)}
	for _, a := range all {
		e.Addresses = append(e.Addresses, netip.MustParseAddr(a))
	}
	return e
}

func role(name string) state.RoleChanged {
	return state.RoleChanged{At: state.At(noon), Instance: "VI_1", Role: name}
}

var bothVIPs = addresses("172.18.100.100", "10.131.0.1")
