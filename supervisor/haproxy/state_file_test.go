package haproxy

import (
	"fmt"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

func all(ServerState) bool { return true }

func TestStateFileHoldsDecisionsAlone(t *testing.T) {
	loop := netip.MustParseAddr("127.0.0.1")
	plain := ServerState{Target: b("s"), Address: loop, Port: 80, Up: true, Checked: true, Weight: 5, Initial: 3, Since: 7 * time.Second}
	for _, row := range []struct {
		name string
		with func(*ServerState)
		want string // the row, "" for none
	}{
		{"well", func(*ServerState) {}, ""},
		{"dead", func(s *ServerState) { s.Up = false }, "0 b 0 s - 0 0 256 256 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
		{"dead and spoken TLS to", func(s *ServerState) { s.Up, s.TLS = false, true }, "0 b 0 s - 0 0 256 256 7 1 0 0 6 0 0 0 - 80 - 1 0 - - 0"},
		{"down, not asked", func(s *ServerState) { s.Up, s.Checked = false, false }, ""},
		{"down for want of an address", func(s *ServerState) { s.Up, s.Address = false, netip.Addr{} }, ""},
		{"drained", func(s *ServerState) { s.Drain = true }, "0 b 0 s - 2 8 256 256 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
		{"drained and dead", func(s *ServerState) { s.Drain, s.Up = true, false }, "0 b 0 s - 0 8 256 256 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
		{"drained by its weight", func(s *ServerState) { s.Weight = 0 }, "0 b 0 s - 2 0 0 3 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
		{"in maintenance", func(s *ServerState) { s.Maint, s.Up = true, false }, "0 b 0 s - 0 1 256 256 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
		{"disabled in the configuration", func(s *ServerState) { s.Maint, s.Configured, s.Up = true, true, false }, ""},
		{"disabled there and enabled since", func(s *ServerState) { s.Configured = true }, "0 b 0 s - 2 4 256 256 7 1 0 0 6 0 0 0 - 80 - 0 0 - - 0"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := plain
			row.with(&s)
			got := strings.TrimPrefix(string(StateFile([]ServerState{s}, all)), stateHeading)
			if diff := cmp.Diff(row.want, strings.TrimSuffix(got, "\n")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if none := StateFile([]ServerState{s}, func(ServerState) bool { return false }); string(none) != stateHeading {
				t.Errorf("nothing was to be kept: got %q", none)
			}
		})
	}
}

// node has one server.
func node(s cluster.Server, check cluster.HealthCheck) *cluster.Local {
	s.Name = "s"
	return &cluster.Local{Cluster: &cluster.Cluster{Services: []cluster.Service{{
		Name: "b", Pools: []cluster.Pool{{Name: "b", Check: check, Servers: []cluster.Server{s}}},
	}}}}
}

func TestStayed(t *testing.T) {
	at := cluster.Server{Host: "127.0.0.1", Port: 80}
	check := cluster.HealthCheck{Interval: time.Second, HTTP: &cluster.HealthRequest{Path: "/"}}
	same := cluster.HealthCheck{Interval: time.Second, HTTP: &cluster.HealthRequest{Path: "/"}}
	dead := ServerState{Target: b("s"), Address: netip.MustParseAddr("127.0.0.1"), Port: 80, Checked: true, Weight: 1}
	drained, moved, named := dead, dead, dead
	drained.Drain, moved.Port, named.Host = true, 81, "s.example"
	for _, row := range []struct {
		name          string
		state         ServerState
		before, after *cluster.Local
		want          bool
	}{
		{"nothing changed", dead, node(at, check), node(at, same), true},
		{"another weight", dead, node(at, check), node(cluster.Server{Host: "127.0.0.1", Port: 80, Weight: 9}, same), true},
		{"another check, dead", dead, node(at, check), node(at, cluster.HealthCheck{}), false},
		{"another check, drained", drained, node(at, check), node(at, cluster.HealthCheck{}), true},
		{"another port", drained, node(at, check), node(cluster.Server{Host: "127.0.0.1", Port: 81}, check), false},
		{"another address", drained, node(at, check), node(cluster.Server{Host: "127.0.0.2", Port: 80}, check), false},
		{"TLS from now on", drained, node(at, check), node(cluster.Server{Host: "127.0.0.1", Port: 80, TLS: true}, check), false},
		{"sent elsewhere by a person", moved, node(at, check), node(at, check), false},
		{"a name, wherever it is", named, node(cluster.Server{Host: "s.example", Port: 80}, check), node(cluster.Server{Host: "s.example", Port: 80}, check), true},
		{"a name before", drained, node(cluster.Server{Host: "s.example", Port: 80}, check), node(at, check), false},
		{"added", drained, node(cluster.Server{}, check), node(at, check), false},
		{"nothing known before", drained, nil, node(at, check), false},
		{"removed", drained, node(at, check), nil, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Stayed(row.before, row.after)(row.state); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestDecided(t *testing.T) {
	plain := ServerState{Target: b("s"), Up: true, Weight: 1, Initial: 1}
	drained, elsewhere, dead := plain, plain, plain
	drained.Drain, elsewhere.Drain, dead.Up, dead.Checked = true, true, false, true
	elsewhere.Backend = "of somebody else"
	got := Decided([]ServerState{plain, drained, elsewhere, dead}, node(cluster.Server{}, cluster.HealthCheck{}))
	if diff := cmp.Diff([]string{"b/s"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStatesSurviveAReload has the real HAProxy write down, and read, what was decided of its servers.
func TestStatesSurviveAReload(t *testing.T) {
	d := newDaemon(t)
	well := echo(t, "well")
	file := d.file("states")
	backend := func(more string) string {
		return fmt.Sprintf("\nbackend web\n\tload-server-state-from-file global\n\tserver maint %[1]s check inter 50ms\n\tserver drain %[1]s\n"+
			"\tserver light %[1]s check inter 50ms weight 9\n\tserver dead 127.0.0.1:9 check inter 50ms fall 1\n\tserver off %[1]s disabled\n\tserver on %[1]s disabled\n"+
			"\tserver tls %[1]s ssl verify none\n\tserver well %[1]s check inter 50ms %[2]s\nglobal\n\tserver-state-file %[3]s\n", well, more, file)
	}
	if err := os.WriteFile(file, StateFile(nil, all), 0o600); err != nil {
		t.Fatal(err)
	}
	d.configure("first", backend(""))
	d.started()
	d.until("the check has found the dead server", func() error {
		states, err := d.runtime().States(d.context())
		for _, s := range states {
			if s.Server == "dead" && s.dead() {
				return nil
			}
		}
		return fmt.Errorf("%+v, %v", states, err)
	})
	c := Changer{Runtime: d.runtime()}
	if _, err := c.tell(d.context(), "set server web/maint state maint;set server web/drain state drain;set server web/tls state drain;"+
		"set server web/on state ready;set server web/light weight 0"); err != nil {
		t.Fatal(err)
	}
	before := d.statuses()
	want := map[string]string{
		"maint": "MAINT", "drain": "DRAIN", "light": "UP", "dead": "DOWN", "off": "MAINT", "on": "no", "tls": "DRAIN", "well": "UP",
	}
	if diff := cmp.Diff(want, before); diff != "" {
		t.Fatalf("before the reload (-want +got)\n%s", diff)
	}
	states, err := d.runtime().States(d.context())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, StateFile(states, all), 0o600); err != nil {
		t.Fatal(err)
	}
	d.configure("second", backend("maxconn 5"))
	if _, err := d.reloader().Reload(d.context(), "second"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, d.statuses()); diff != "" {
		t.Errorf("after the reload (-want +got)\n%s", diff)
	}
	after, err := d.runtime().States(d.context())
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range after { // addresses, weights and TLS are those of the configuration
		was := states[i]
		if s.Address != was.Address || s.Port != was.Port || s.TLS != was.TLS || s.Weight != was.Weight || s.Initial != was.Initial {
			t.Errorf("got  %+v\nwant %+v", s, was)
		}
	}
	if log := d.log.String(); strings.Contains(log, "state file") || strings.Contains(log, "application failed") {
		t.Errorf("HAProxy complains:\n%s", log)
	}
}

// statuses are those of the servers of the backend "web".
func (d *daemon) statuses() map[string]string {
	d.t.Helper()
	servers, err := d.runtime().Servers(d.context())
	if err != nil {
		d.t.Fatal(err)
	}
	found := map[string]string{}
	for _, s := range servers {
		if s.Backend == "web" {
			found[s.Name], _, _ = strings.Cut(s.Status, " ") // no matter how far its check has come
		}
	}
	return found
}
