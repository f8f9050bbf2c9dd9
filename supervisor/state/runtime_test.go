package state_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
)

// addressed is a generation whose servers have addresses and not names, with an edit.
func addressed(t *testing.T, number int, digest, from, to string) state.Installed {
	t.Helper()
	data, err := os.ReadFile("../../test/clusters/web-centos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), from, to, 1)
	if from != to && text == string(data) {
		t.Fatalf("%q is not in the file", from)
	}
	c, problems := cluster.Parse("lbsup.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	local, err := c.Local("lb1.example.net")
	if err != nil {
		t.Fatal(err)
	}
	return state.Installed{
		Number: number, Previous: number - 1, At: dawn, HAProxy: digest, Local: local, Plan: keepalived.NewPlan(c),
		Keepalived: state.Origin{Generation: 3, At: dawn},
	}
}

const third = `      - {name: web3, address: "192.0.2.23:80"}`

// changing brings a scenario to the activation of generation 4, which is generation 3 with an edit.
func changing(t *testing.T, edit string, r state.Report) *scenario {
	t.Helper()
	c := begin(t)
	c.loaded(addressed(t, 3, "aaaa", third, third))
	c.wait(1)
	c.unit(state.HAProxyUnit, "active", "success", 100)
	c.unit(state.KeepalivedUnit, "active", "success", 200)
	c.worker(101, "aaaa")
	c.probe(checks.Healthy, false, "answers")
	c.tick()
	ask(c, "reload", 0)
	r.Outcome, r.Generation, r.HAProxy = state.Committed, 4, true
	c.applied(r)
	c.log = nil
	c.loaded(addressed(t, 4, "bbbb", third, edit))
	return c
}

var fromTheClusterFile = state.Report{Explained: true, Version: "2.6.12"}

func TestServersChangeAtRunTime(t *testing.T) {
	fourth := third + "\n" + strings.ReplaceAll(third, "3", "4")
	c := changing(t, fourth, fromTheClusterFile)
	c.want("watch: generation 4 is installed", "change at run time haproxy.service bbbb: no reload is needed")
	if diff := cmp.Diff([]string{"change at run time: services.web: server web4 added (192.0.2.24:80)"}, c.s.Job.Effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.RunTime, Generation: 4})
	c.want()
	c.worker(101, "bbbb") // the same process
	c.probe(checks.Healthy, false, "answers")
	c.want("record reload generation 4: live", "answer 7: reload live")
}

func TestReloadWhereRunTimeIsNotEnough(t *testing.T) {
	for _, row := range []struct {
		name, edit string
		report     state.Report
		why        string
	}{
		{"a server with another kind of address", strings.Replace(third, "192.0.2.23", "web3.example.net", 1), fromTheClusterFile,
			"services.web: server web3 is given as web3.example.net: at run time HAProxy takes plain IP addresses only"},
		{"a certificate changed too", third + "\n" + strings.ReplaceAll(third, "3", "4"), state.Report{Version: "2.6.12"},
			"a file that HAProxy loads, a password, or HAProxy itself changed"},
		{"HAProxy was upgraded and not restarted", third + "\n" + strings.ReplaceAll(third, "3", "4"), state.Report{Explained: true, Version: "3.0.11"},
			"the installed HAProxy is 3.0.11, the running one 2.6.12"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := changing(t, row.edit, row.report)
			c.want("watch: generation 4 is installed", "reload haproxy.service bbbb: "+row.why)
		})
	}
}

func TestReloadWhenTheRuntimeAPIFails(t *testing.T) {
	c := changing(t, third+"\n"+strings.ReplaceAll(third, "3", "4"), fromTheClusterFile)
	c.log = nil
	c.send(state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.RunTime, Err: "silence", Generation: 4})
	c.want("reload haproxy.service bbbb: the runtime API did not bring it: silence")
}

// A worker that was changed in part runs no configuration, and it is known what it ran before: what a person decided of its servers is not lost. On the way
// back nobody can tell such a decision from what the change has done.
func TestReloadAfterAChangeAtRunTimeKnowsWhatRanBefore(t *testing.T) {
	c := changing(t, third+"\n"+strings.ReplaceAll(third, "3", "4"), fromTheClusterFile)
	before := c.s.Known.Local
	c.worker(101, "changing")
	activate := func(e state.Event) state.Activate {
		t.Helper()
		next, actions := state.Step(c.s, e)
		c.s = next
		for _, a := range actions {
			if a, is := a.(state.Activate); is && a.How == state.Reload {
				return a
			}
		}
		t.Fatalf("no reload, but %+v", actions)
		return state.Activate{}
	}
	failed := state.Activated{At: c.at(), Unit: state.HAProxyUnit, How: state.RunTime, Err: "silence", Generation: 4}
	if a := activate(failed); a.Was == nil || a.Was != before {
		t.Errorf("the reload in its place is from %v", a.Was)
	}
	c.activated(state.HAProxyUnit, "cannot reload HAProxy")
	c.applied(committed(5))
	back := state.Loaded{At: c.at(), Number: c.s.LoadAsked, Installed: addressed(t, 5, "aaaa", third, third)}
	if a := activate(back); a.Was != nil {
		t.Errorf("the way back is from %v", a.Was)
	}
}
