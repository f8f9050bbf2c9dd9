package supervisor

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// debian is what these tests plan for.
var debian = builds{haproxy: haproxy.Build{Version: "2.6.12", Major: 2, Minor: 6, TLS: true}, keepalived: keepalived.Build{Version: "2.2.7", Major: 2, Minor: 2, Patch: 7, Auth: true}}

// runs is a node whose daemons run what is installed.
func runs(local *cluster.Local) state.State {
	return state.State{
		Installed: state.Installed{Number: 3, HAProxy: "aaaa", Local: local}, Worker: state.Worker{PID: 101, Version: "2.6.12", Digest: "aaaa"},
		Known: state.Known{Digest: "aaaa", Local: local},
	}
}

func viewed(t *testing.T, text string) *cluster.Local {
	t.Helper()
	local, err := parse(t, text).Local("loadbalancer-1")
	if err != nil {
		t.Fatal(err)
	}
	return local
}

func TestCompare(t *testing.T) {
	b, view := debian, func(text string) *cluster.Local { return viewed(t, text) }
	old := strings.ReplaceAll(openshift(t), "compute0.ocp0.sa.boe:80", "10.128.0.20:80")
	line := `      - {name: compute0, address: "10.128.0.20:80"}`
	for _, row := range []struct {
		name, from, to string
		want           []string
	}{
		{"nothing", "x", "x", nil},
		{"a server more", line, line + "\n" + strings.ReplaceAll(line, "0", "9"), []string{"change HAProxy at run time: services.ingress-router-http: server compute9 added (19.128.9.29:89)"}},
		{"a weight", line, strings.Replace(line, "}", ", weight: 7}", 1), []string{"change HAProxy at run time: services.ingress-router-http: server compute0 has weight 7 instead of 1"}},
		{"a VIP", "172.18.100.100/16", "172.18.100.101/16", []string{"reload keepalived: vrrp.instances: VI_1 changed"}},
		{"statistics", "refresh: 10s", "refresh: 20s", []string{"reload HAProxy: stats: refresh changed"}},
		{"a check", "services:\n", "checks:\n  a: {tcp: \"127.0.0.1:80\"}\nservices:\n", []string{"supervise by the new file, no reload: checks changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan, err := compare(runs(view(old)), view(strings.Replace(old, row.from, row.to, 1)), b)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range plan.Effects {
				got = append(got, e.What+": "+e.Reason)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("nothing was installed", func(t *testing.T) {
		plan, err := compare(state.State{}, view(old), b)
		if err != nil || len(plan.Effects) != 2 {
			t.Errorf("got %+v, %v", plan, err)
		}
	})
	t.Run("nothing was installed and keepalived runs", func(t *testing.T) {
		s := state.State{Units: map[string]state.Unit{state.KeepalivedUnit: {Active: "active", MainPID: 7, Since: noon}}}
		plan, err := compare(s, view(old), b)
		if err != nil || len(plan.Effects) != 3 || plan.Effects[2] != (status.Effect{What: "restart keepalived", Reason: state.OlderKeepalived}) {
			t.Errorf("got %+v, %v", plan.Effects, err)
		}
	})
}

func TestPlanOfTheFirstStartTellsThatHAProxyIsRestarted(t *testing.T) {
	restart := []status.Effect{{What: "restart HAProxy", Reason: "the running one has no master CLI for lbsup yet; once, its connections are cut"}}
	for _, row := range []struct {
		name, active string
		unreached    error
		want         []status.Effect
	}{
		{"no master CLI", "active", errors.New("no such file"), restart},
		{"one that answers", "active", nil, nil},
		{"HAProxy does not run", "inactive", errors.New("no such file"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := state.State{Units: map[string]state.Unit{state.HAProxyUnit: {Active: row.active}}}
			if diff := cmp.Diff(row.want, firstRestart(s, row.unreached)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A plan is about what runs, not about what was last written.
func TestPlanIsAboutWhatRuns(t *testing.T) {
	installed, other := viewed(t, openshift(t)), viewed(t, strings.Replace(openshift(t), "refresh: 10s", "refresh: 20s", 1))
	for _, row := range []struct {
		name string
		be   func(*state.State)
		want []status.Effect
	}{
		{"what is installed", func(*state.State) {}, nil},
		{"the generation before", func(s *state.State) { s.Worker.Digest, s.Known = "bbbb", state.Known{Digest: "bbbb", Local: other} },
			[]status.Effect{{What: "reload HAProxy", Reason: "stats: refresh changed"}}},
		{"nobody knows what", func(s *state.State) { s.Worker.Digest = "bbbb" },
			[]status.Effect{{What: "reload HAProxy", Reason: "it runs another configuration than is installed"}}},
		{"nothing, it is dead", func(s *state.State) { s.Worker = state.Worker{} }, nil},
		{"keepalived is behind", func(s *state.State) {
			s.Installed.Keepalived = state.Origin{Generation: 3, At: noon}
			s.Units = map[string]state.Unit{state.KeepalivedUnit: {Active: "active", MainPID: 7, Since: noon.Add(-1)}}
		}, []status.Effect{{What: "reload keepalived", Reason: "it runs another configuration than is installed"}}},
		{"keepalived is from before lbsup", func(s *state.State) {
			s.Installed.Keepalived = state.Origin{Generation: 3, At: noon, First: noon}
			s.Units = map[string]state.Unit{state.KeepalivedUnit: {Active: "active", MainPID: 7, Since: noon.Add(-1)}}
		}, []status.Effect{{What: "restart keepalived", Reason: state.OlderKeepalived}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := runs(installed)
			row.be(&s)
			plan, err := compare(s, installed, debian)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, plan.Effects); diff != "" {
				t.Errorf("effects (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("an older HAProxy than the installed one", func(t *testing.T) {
		s := runs(other)
		s.Worker.Version = "2.4.22"
		plan, err := compare(s, installed, debian)
		want := []status.Effect{{What: "reload HAProxy", Reason: "the installed HAProxy is 2.6.12, the running one 2.4.22"}}
		if diff := cmp.Diff(want, plan.Effects); err != nil || diff != "" {
			t.Errorf("effects (-want +got), %v:\n%s", err, diff)
		}
	})
}

func TestPlanTellsWhatWouldBeRefused(t *testing.T) {
	old := openshift(t)
	vip := "        - {address: 172.18.100.100/16, interface: enc6}\n"
	for _, row := range []struct {
		name, from, to string
		drift          []string
		want           []string
	}{
		{"nothing", "refresh: 10s", "refresh: 20s", nil, nil},
		{"a hand edit would be overwritten", "refresh: 10s", "refresh: 20s", []string{"/etc/haproxy/haproxy.cfg"},
			[]string{"/etc/haproxy/haproxy.cfg: it was edited by hand since it was installed"}},
		{"a hand edit of the other file", "refresh: 10s", "refresh: 20s", []string{"/etc/keepalived/keepalived.conf"}, nil},
		{"all servers handed over to hand-written files", old[strings.Index(old, "\nstats:"):], "\nhaproxy: {files: [/etc/haproxy/haproxy.cfg]}\n", nil, nil},
		{"a VIP less", vip, "", nil, []string{"/etc/lbsup/lbsup.yaml: cannot take away so much at once: vrrp.instances: VI_1 loses the VIP 172.18.100.100"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := runs(viewed(t, old))
			s.Drift = row.drift
			plan, err := compare(s, viewed(t, strings.Replace(old, row.from, row.to, 1)), debian)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range plan.Problems {
				got = append(got, p.String())
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// A frontend that HAProxy was started without is opened by a reload, one that was closed at run time is opened there.
func TestPlanOpensAService(t *testing.T) {
	open := openshift(t)
	shut := strings.Replace(open, "bind: [\"*:80\"]", "bind: [\"*:80\"]\n    disabled: true", 1)
	for _, row := range []struct {
		name    string
		stopped []string
		want    string
	}{
		{"closed at run time", nil, "change HAProxy at run time"},
		{"started without it", []string{"ingress-router-http"}, "reload HAProxy"},
	} {
		t.Run(row.name, func(t *testing.T) {
			plan, err := compare(runs(viewed(t, shut)), viewed(t, open), debian, row.stopped...)
			if err != nil || len(plan.Effects) != 1 || plan.Effects[0].What != row.want {
				t.Errorf("got %+v, %v, want %s", plan.Effects, err, row.want)
			}
			s := runs(viewed(t, shut))
			c := compared(s, state.Installed{HAProxy: "bbbb", Local: viewed(t, open)}, row.stopped)
			if c.From != "aaaa" || c.Version != "2.6.12" || len(c.Plan.Reload) != len(row.stopped) {
				t.Errorf("compared while reading: %+v", c)
			}
		})
	}
	if c := compared(state.State{}, state.Installed{Local: viewed(t, open)}, nil); c.From != "" {
		t.Errorf("nothing runs, and it was compared with %q", c.From)
	}
}
