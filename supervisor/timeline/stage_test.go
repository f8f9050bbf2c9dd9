package timeline_test

import (
	"bytes"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/supervisor/timeline"
)

var update = flag.Bool("update", false, "write the golden files anew")

// night is when every stage begins.
var night = time.Date(2026, 1, 2, 2, 13, 0, 0, time.UTC)

const vip = "172.18.100.100"

// house is the cluster of a stage.
type house struct {
	file, instance string
	vips           []string
}

var (
	gateway = house{"ocp-ibm-z.yaml", "VI_1", []string{vip, "10.131.0.1"}}
	masters = house{"ocp-upi.yaml", "ocp1_INGRESS", []string{"172.21.104.26"}}
)

// stage plays incidents to the state by a clock of its own and keeps what the timeline makes of them.
type stage struct {
	house
	t    *testing.T
	node string
	s    state.State
	now  time.Time
	told []status.Moment
}

func newStage(t *testing.T, h house, node string) *stage {
	return &stage{house: h, t: t, node: node, s: state.State{WatchInput: true}, now: night}
}

func (c *stage) at() state.At { return state.At(c.now) }

func (c *stage) wait(d time.Duration) *stage { c.now = c.now.Add(d); return c }

func (c *stage) send(e state.Event) *stage {
	next, actions := state.Step(c.s, e)
	c.told = append(c.told, timeline.Derive(timeline.Turn{Before: c.s, After: next, Event: e, Actions: actions, At: c.now})...)
	c.s = next
	return c
}

// ask is one answer to the probe of a check.
func (c *stage) ask(check string, health checks.Health, sure bool, reason string) *stage {
	c.wait(time.Millisecond)
	return c.send(state.Probed{At: c.at(), Result: checks.Result{Check: check, Health: health, Sure: sure, Reason: reason, At: c.now}})
}

func (c *stage) probe(health checks.Health, sure bool, reason string) *stage {
	return c.ask(checks.HAProxy, health, sure, reason)
}

// tick waits for the next one.
func (c *stage) tick() *stage {
	if next := c.s.Ticked.Add(time.Second); next.After(c.now) {
		c.now = next
	} else {
		c.wait(time.Second)
	}
	return c.send(state.Tick{At: c.at()})
}

// well lets seconds pass in which every check is healthy, but for those that are left out.
func (c *stage) well(seconds int, but ...string) *stage {
	for range seconds {
		for _, def := range c.s.Installed.Local.Checks {
			if _, asked := c.s.Trackers[def.Name]; asked && !slices.Contains(but, def.Name) {
				c.ask(def.Name, checks.Healthy, false, "it answers")
			}
		}
		c.tick()
	}
	return c
}

func (c *stage) unit(name, active, result string, pid int) *stage {
	c.wait(time.Millisecond)
	since := c.now
	if u, ok := c.s.Units[name]; ok && u.Running() == (active == "active" || active == "reloading") && u.MainPID == pid {
		since = u.Since
	}
	return c.send(state.UnitChanged{At: c.at(), Name: name, Unit: state.Unit{Active: active, Result: result, MainPID: pid, Since: since}})
}

func (c *stage) worker(pid int) *stage {
	return c.send(state.WorkerSeen{At: c.at(), Worker: state.Worker{PID: pid, Version: "2.6.12", Digest: "aaaa"}})
}

// role is keepalived's word, and the kernel's right after it.
func (c *stage) role(name string) *stage {
	c.wait(2 * time.Millisecond)
	c.send(state.RoleChanged{At: c.at(), Instance: c.instance, Role: name})
	return c.wait(time.Millisecond).vip(name == "MASTER")
}

func (c *stage) vip(here bool) *stage {
	addresses := []netip.Addr{netip.MustParseAddr("192.0.2.1")}
	if here {
		for _, a := range c.vips {
			addresses = append(addresses, netip.MustParseAddr(a))
		}
	}
	return c.send(state.AddressesChanged{At: c.at(), Addresses: addresses})
}

func (c *stage) loaded(number int) *stage {
	return c.send(state.Loaded{At: c.at(), Number: c.s.LoadAsked, Installed: c.installed(number)})
}

// installed is what a generation of the stage's cluster file comes to.
func (c *stage) installed(number int) state.Installed {
	data, err := os.ReadFile("../../test/clusters/" + c.file)
	if err != nil {
		c.t.Fatal(err)
	}
	file, problems := cluster.Parse("lbsup.yaml", data)
	if len(problems) > 0 {
		c.t.Fatal(problems)
	}
	local, err := file.Local(c.node)
	if err != nil {
		c.t.Fatal(err)
	}
	return state.Installed{
		Number: number, Previous: number - 1, At: c.now, HAProxy: "aaaa", Local: local, Plan: keepalived.NewPlan(file),
		Keepalived: state.Origin{Generation: number, At: c.now},
	}
}

// running brings a node to where incidents begin: it has been well for a minute.
func (c *stage) running(holder bool) *stage {
	c.send(state.Started{At: c.at()}).loaded(3).wait(time.Second)
	c.unit(state.HAProxyUnit, "active", "success", 100).unit(state.KeepalivedUnit, "active", "success", 200)
	c.worker(101).vip(holder).well(60).wait(100 * time.Millisecond)
	c.told = nil
	return c
}

// snapshot is what Explain needs to know of the node.
func (c *stage) snapshot() status.Snapshot {
	s := status.Snapshot{Time: c.now, Node: c.node}
	local := c.s.Installed.Local
	for _, n := range local.Nodes {
		s.Nodes = append(s.Nodes, status.Node{Name: n.Name})
	}
	for _, i := range local.VRRP.Instances {
		in := status.Instance{Name: i.Name, Prefer: i.Prefer, Why: "this node is the preferred one and is well"}
		in.Wanted = c.s.Installed.Plan.Instance(i.Name).Value(c.node, func(string) checks.Verdict { return checks.Verdict{Health: checks.Healthy} }, false).Effective
		for _, v := range i.Addresses {
			in.VIPs = append(in.VIPs, status.VIP{Address: v.Address.String()})
		}
		if c.s.Holds(i.Name) {
			in.Holder = c.node
		}
		s.Instances = append(s.Instances, in)
	}
	for _, v := range c.s.Verdicts() {
		one := status.Check{Name: v.Check, Health: v.Health.String(), Reason: v.Reason, Since: v.Since}
		for _, i := range local.VRRP.Instances {
			if slices.ContainsFunc(i.Track.Checks, func(t cluster.TrackedCheck) bool { return t.Check == v.Check }) {
				one.Moves = append(one.Moves, i.Name)
			}
		}
		s.Checks = append(s.Checks, one)
	}
	return s
}

var plainly = status.Style{Width: 160, Unicode: true}

// write writes the timeline and the answers to questions.
func (c *stage) write(questions ...string) string {
	var b bytes.Buffer
	if err := status.MomentsText(&b, c.told, c.now, plainly); err != nil {
		c.t.Fatal(err)
	}
	for _, about := range questions {
		b.WriteString("\n$ lbsup why " + about + "\n")
		a, err := timeline.Explain(c.snapshot(), c.told, about, timeline.Span{})
		if err != nil {
			c.t.Fatal(err)
		}
		start := b.Len()
		if err := status.AccountText(&b, a, c.now, plainly); err != nil {
			c.t.Fatal(err)
		}
		if lines := strings.Count(b.String()[start:], "\n"); lines >= 5 {
			c.t.Errorf("the answer about %q has %d lines, want fewer than five", about, lines)
		}
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
