package state_test

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
)

// scenario drives Step by a clock of its own and writes down what it asks for.
type scenario struct {
	t   *testing.T
	s   state.State
	now time.Time
	log []string
}

func begin(t *testing.T) *scenario {
	t.Helper()
	return &scenario{t: t, s: state.State{WatchInput: true}, now: dawn}
}

func (c *scenario) at() state.At { return state.At(c.now) }

// send gives one event to the state, and lets a little time pass before it.
func (c *scenario) send(e state.Event) {
	c.t.Helper()
	before := fmt.Sprintf("%+v", c.s)
	next, actions := state.Step(c.s, e)
	if after := fmt.Sprintf("%+v", c.s); after != before {
		c.t.Fatalf("Step changed the state that it was given:\n%s\n%s", before, after)
	}
	c.s = next
	for _, a := range actions {
		c.log = append(c.log, words(a))
	}
}

func (c *scenario) wait(d time.Duration) *scenario { c.now = c.now.Add(d); return c }

func (c *scenario) tick() { c.wait(time.Second); c.send(state.Tick{At: c.at()}) }

func (c *scenario) probe(health checks.Health, sure bool, reason string) {
	c.wait(time.Millisecond)
	c.send(state.Probed{At: c.at(), Result: checks.Result{Check: checks.HAProxy, Health: health, Sure: sure, Reason: reason, At: c.now}})
}

func (c *scenario) worker(pid int, digest string) {
	c.send(state.WorkerSeen{At: c.at(), Worker: state.Worker{PID: pid, Version: "2.6.12", Digest: digest}})
}

func (c *scenario) unit(name, active, result string, pid int) {
	c.send(state.UnitChanged{At: c.at(), Name: name, Unit: state.Unit{Active: active, Result: result, MainPID: pid, Since: c.now}})
}

func (c *scenario) loaded(i state.Installed) {
	c.send(state.Loaded{At: c.at(), Number: c.s.LoadAsked, Installed: i})
}

func (c *scenario) applied(r state.Report) { c.send(state.Applied{At: c.at(), Report: r}) }

func (c *scenario) activated(unit, err string) {
	c.send(state.Activated{At: c.at(), Unit: unit, Err: err, Generation: c.s.Installed.Number})
}

// want compares what was asked for since the last want.
func (c *scenario) want(lines ...string) {
	c.t.Helper()
	var got []string
	for _, line := range c.log {
		if !strings.HasPrefix(line, "drift?") && !strings.HasPrefix(line, "promise") && !strings.HasPrefix(line, "progress") && line != "state.LookAgain" {
			got = append(got, line)
		}
	}
	c.log = nil
	if diff := cmp.Diff(lines, got); diff != "" {
		c.t.Fatalf("actions (-want +got):\n%s", diff)
	}
}

func words(a state.Action) string {
	switch a := a.(type) {
	case state.WriteTrack:
		return fmt.Sprintf("track %s %d: %s", a.Instance, a.Value, a.Reason)
	case state.Apply:
		return "apply " + a.Request + ": " + a.Reason
	case state.Load:
		return "load: " + a.Reason
	case state.FindDrift:
		return "drift? " + a.Reason
	case state.Watch:
		return "watch: " + a.Reason
	case state.Activate:
		return fmt.Sprintf("%s %s %s: %s", a.How, a.Unit, a.Digest, a.Reason)
	case state.LookAtServers:
		return fmt.Sprintf("look at the servers in %v", a.Pause)
	case state.Progress:
		return fmt.Sprintf("progress %d: %s", a.ID, a.Text)
	case state.Answer:
		return fmt.Sprintf("answer %d: %s %s", a.ID, a.Change.Request, a.Change.Outcome)
	case state.Remember:
		if a.Pending.Generation == 0 {
			return "remember nothing"
		}
		return fmt.Sprintf("remember generation %d, back to %d", a.Pending.Generation, a.Pending.GoBack)
	case state.Promise:
		return "promise"
	case state.Record:
		return fmt.Sprintf("record %s generation %d: %s", a.Change.Request, a.Change.Generation, a.Change.Outcome)
	default:
		if text, ok := orphanWords(a); ok {
			return text
		}
		return fmt.Sprintf("%T", a)
	}
}

// dawn is when every scenario begins; what keepalived runs at first was installed then.
var dawn = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// openShift is the cluster that every scenario is about.
func openShift(t testing.TB) *cluster.Cluster {
	t.Helper()
	data, err := os.ReadFile("../../test/clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, problems := cluster.Parse("lbsup.yaml", data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

// pair is that cluster seen from its first node.
func pair(t *testing.T, number int, digest string, keepalivedFrom int, installedAt time.Time) state.Installed {
	t.Helper()
	c := openShift(t)
	local, err := c.Local("loadbalancer-1")
	if err != nil {
		t.Fatal(err)
	}
	came := dawn
	if keepalivedFrom == number {
		came = installedAt
	}
	return state.Installed{
		Number: number, Previous: number - 1, At: installedAt, HAProxy: digest, Local: local,
		Plan: keepalived.NewPlan(c), Keepalived: state.Origin{Generation: keepalivedFrom, At: came},
	}
}

// running brings a scenario to a node that runs generation 3 and is well.
func running(t *testing.T) *scenario {
	t.Helper()
	c := begin(t)
	c.loaded(pair(t, 3, "aaaa", 3, c.now))
	c.wait(time.Second)
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.unit(state.KeepalivedUnit, "active", "success", 200)
	c.worker(101, "aaaa")
	c.probe(checks.Healthy, false, "answers")
	c.tick()
	c.want("watch: generation 3 is installed", "track VI_1 203: well, number 1 of 2 in preference")
	return c
}

func vips(addresses ...string) []netip.Addr {
	var out []netip.Addr
	for _, a := range addresses {
		out = append(out, netip.MustParseAddr(a))
	}
	return out
}
