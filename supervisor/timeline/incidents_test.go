package timeline_test

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

const (
	first  = "loadbalancer-1" // preferred
	second = "loadbalancer-2"
)

// incidents are the ten of which the timeline must tell what happened and why.
var incidents = []struct {
	name  string
	about []string
	play  func(t *testing.T) *stage
}{
	{"haproxy-killed", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.wait(400*time.Millisecond).probe(checks.Failed, true, "worker process 101 has ended")
		c.role("FAULT")
		c.unit(state.HAProxyUnit, "activating", "signal", 0)
		return c.wait(150*time.Millisecond).unit(state.HAProxyUnit, "active", "success", 110).worker(111)
	}},
	{"haproxy-stopped", []string{"VI_1", checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.unit(state.HAProxyUnit, "deactivating", "success", 100).role("FAULT")
		return c.wait(50*time.Millisecond).unit(state.HAProxyUnit, "inactive", "success", 0).tick()
	}},
	{"haproxy-wedged", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		for range 3 {
			c.wait(250*time.Millisecond).probe(checks.Doubtful, false, "the worker has not answered for 250ms")
		}
		return c.wait(700 * time.Millisecond).role("BACKUP")
	}},
	{"keepalived-killed", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.unit(state.KeepalivedUnit, "failed", "signal", 0)
		c.well(2).unit(state.KeepalivedUnit, "activating", "signal", 0)
		return c.wait(30*time.Millisecond).vip(false).unit(state.KeepalivedUnit, "active", "success", 210).role("BACKUP")
	}},
	{"keepalived-reloaded", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.unit(state.KeepalivedUnit, "reloading", "success", 200).wait(20 * time.Millisecond).role("BACKUP")
		return c.unit(state.KeepalivedUnit, "active", "success", 200).well(1)
	}},
	{"host-lost", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		return newStage(t, gateway, second).running(false).wait(600 * time.Millisecond).role("MASTER").well(1)
	}},
	{"lbsup-restarted", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.told = append(c.told, timeline.Farewell(c.now))
		c.s = state.State{WatchInput: true} // what a supervisor that has just started knows
		c.wait(2 * time.Second).send(state.Started{At: c.at()}).loaded(3).vip(true)
		c.unit(state.HAProxyUnit, "active", "success", 100).unit(state.KeepalivedUnit, "active", "success", 200).worker(101)
		return c.well(3)
	}},
	{"check-failed", []string{"172.21.104.26", "ingress"}, func(t *testing.T) *stage {
		c := newStage(t, masters, "master-1").running(true)
		for range 3 {
			c.ask("ingress", checks.Failed, false, "https://localhost:1936/healthz answered 500").well(1, "ingress")
		}
		return c.wait(400 * time.Millisecond).role("BACKUP")
	}},
	{"preempted-back", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.probe(checks.Failed, true, "worker process 101 has ended").role("FAULT")
		c.wait(150*time.Millisecond).unit(state.HAProxyUnit, "active", "success", 110).worker(111)
		return c.well(6).role("MASTER").well(1)
	}},
	{"changed", []string{vip, checks.HAProxy}, func(t *testing.T) *stage {
		c := newStage(t, gateway, first).running(true)
		c.send(state.Asked{At: c.at(), ID: 1, Verb: "reload", By: "anna"}).wait(300 * time.Millisecond)
		c.send(state.Applied{At: c.at(), Report: state.Report{Outcome: state.Committed, Generation: 4, Keepalived: true}})
		c.loaded(4).unit(state.KeepalivedUnit, "reloading", "success", 200).role("BACKUP")
		c.unit(state.KeepalivedUnit, "active", "success", 200)
		c.send(state.Activated{At: c.at(), Unit: state.KeepalivedUnit, How: state.Reload, Generation: 4})
		return c.well(2)
	}},
}

func TestIncidents(t *testing.T) {
	for _, row := range incidents {
		t.Run(row.name, func(t *testing.T) { golden(t, row.name, row.play(t).write(row.about...)) })
	}
}
