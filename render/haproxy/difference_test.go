package haproxy

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

// sameAddress lets cmp look into addresses.
var sameAddress = cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })

// small is a node with one service "web" of two servers, in tcp mode, as the cluster file's defaults make it.
func small() *cluster.Local {
	l := with(cluster.Service{
		Name: "web", Mode: cluster.TCP, Default: "web", Bind: []cluster.Bind{{Port: 80}},
		Pools: []cluster.Pool{{
			Name: "web", Balance: "roundrobin", Check: cluster.HealthCheck{Interval: 2 * time.Second, Rise: 2, Fall: 3},
			Servers: []cluster.Server{{Name: "s1", Host: "10.0.0.1", Port: 80}, {Name: "s2", Host: "10.0.0.2", Port: 80}},
		}},
	})
	return l
}

func words[T interface{ String() string }](list []T) (out []string) {
	for _, item := range list {
		out = append(out, item.String())
	}
	return out
}

func TestRuntimeChanges(t *testing.T) {
	target := Target{"web", "s1"}
	for _, row := range []struct {
		name   string
		change func(pool *cluster.Pool)
		want   []Change
	}{
		{"nothing", func(*cluster.Pool) {}, nil},
		{"a server added", func(p *cluster.Pool) {
			p.Servers = append(p.Servers, cluster.Server{Name: "s3", Host: "10.0.0.3", Port: 80, Weight: 5, MaxConn: 100})
		}, []Change{{"services.web", "server s3 added (10.0.0.3:80)", AddServer{
			Target: Target{"web", "s3"}, Address: netip.MustParseAddrPort("10.0.0.3:80"), Checked: true, Weight: 5, MaxConn: 100,
			Attributes: []string{"check", "inter", "2s", "rise", "2", "fall", "3", "weight", "5", "maxconn", "100"},
		}}}},
		{"a server removed", func(p *cluster.Pool) { p.Servers = p.Servers[1:] },
			[]Change{{"services.web", "server s1 removed (10.0.0.1:80)", DeleteServer{target}}}},
		{"a server moved", func(p *cluster.Pool) { p.Servers[0].Host, p.Servers[0].Port = "2001:db8::1", 81 },
			[]Change{{"services.web", "server s1 moved from 10.0.0.1:80 to [2001:db8::1]:81", SetAddress{target, netip.MustParseAddrPort("[2001:db8::1]:81")}}}},
		{"another weight", func(p *cluster.Pool) { p.Servers[0].Weight = 3 },
			[]Change{{"services.web", "server s1 has weight 3 instead of 1", SetWeight{target, 3}}}},
		{"the weight that it has anyway", func(p *cluster.Pool) { p.Servers[0].Weight = 1 }, nil},
		{"fewer connections", func(p *cluster.Pool) { p.Servers[0].MaxConn = 9 },
			[]Change{{"services.web", "server s1 gets at most 9 connections instead of any number of connections", SetMaxConn{target, 9}}}},
		{"what comes stands before what goes", func(p *cluster.Pool) { p.Servers = []cluster.Server{{Name: "s4", Host: "10.0.0.4", Port: 80}} }, []Change{
			{"services.web", "server s4 added (10.0.0.4:80)", AddServer{
				Target: Target{"web", "s4"}, Address: netip.MustParseAddrPort("10.0.0.4:80"), Checked: true, Weight: 1,
				Attributes: []string{"check", "inter", "2s", "rise", "2", "fall", "3"},
			}},
			{"services.web", "server s1 removed (10.0.0.1:80)", DeleteServer{target}},
			{"services.web", "server s2 removed (10.0.0.2:80)", DeleteServer{Target{"web", "s2"}}},
		}},
		{"another order", func(p *cluster.Pool) { slices.Reverse(p.Servers) }, nil},
		{"a backup server behind all others", func(p *cluster.Pool) {
			p.Servers = append(p.Servers, cluster.Server{Name: "b", Host: "10.0.0.9", Port: 80, Backup: true})
		}, []Change{{"services.web", "server b added (10.0.0.9:80)", AddServer{
			Target: Target{"web", "b"}, Address: netip.MustParseAddrPort("10.0.0.9:80"), Checked: true, Weight: 1,
			Attributes: []string{"check", "inter", "2s", "rise", "2", "fall", "3", "backup"},
		}}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			after := small()
			row.change(&after.Services[0].Pools[0])
			want := Plan{Changes: row.want}
			if diff := cmp.Diff(want, Difference(small(), after, installed), sameAddress); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPoolsAreNamedAsInTheClusterFile(t *testing.T) {
	two := func() *cluster.Local {
		l := small()
		s := &l.Services[0]
		s.Pools = append(s.Pools, cluster.Pool{Name: "static", Balance: "leastconn", Servers: []cluster.Server{{Name: "s1", Host: "10.0.0.1", Port: 80}}})
		return l
	}
	after := two()
	after.Services[0].Pools[1].Servers[0].Weight = 2
	want := Plan{Changes: []Change{{"services.web.pools.static", "server s1 has weight 2 instead of 1", SetWeight{Target{"web.static", "s1"}, 2}}}}
	if diff := cmp.Diff(want, Difference(two(), after, installed)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"services.web: pool static added"}, words(Difference(small(), two(), installed).Reload)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"services.web: pool static removed"}, words(Difference(two(), small(), installed).Reload)); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// TestDifferenceOfManyServers has every server of a big pool give a change and a reason.
func TestDifferenceOfManyServers(t *testing.T) {
	const many = 10_000
	big := func(host string) *cluster.Local {
		l := small()
		servers := make([]cluster.Server, many)
		for i := range servers {
			servers[i] = cluster.Server{Name: "s" + netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}).String(), Host: host, Port: 80}
		}
		l.Services[0].Pools[0].Servers = servers
		return l
	}
	plan := Difference(big("10.1.1.1"), big("s.example"), installed)
	if len(plan.Changes) != many || len(plan.Reload) != many {
		t.Errorf("got %d changes and %d reasons, want %d of each", len(plan.Changes), len(plan.Reload), many)
	}
}

func TestServiceIsDisabledAndEnabled(t *testing.T) {
	closed := small()
	closed.Services[0].Disabled = true
	for _, row := range []struct {
		name          string
		before, after *cluster.Local
		stopped       []string
		want          Plan
	}{
		{"disabled", small(), closed, nil, Plan{Changes: []Change{{"services.web", "disabled, takes no new connections", SetFrontend{"web", false}}}}},
		{"enabled", closed, small(), []string{"other"}, Plan{Changes: []Change{{"services.web", "no longer disabled", SetFrontend{"web", true}}}}},
		{"enabled after a start", closed, small(), []string{"web"}, Plan{Reload: []Reason{{"services.web", "HAProxy was started with it disabled"}}}},
		{"disabled as before", closed, closed, []string{"web"}, Plan{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, Difference(row.before, row.after, installed, row.stopped...)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestValuesOfRoutesChange(t *testing.T) {
	routed := func(routes ...cluster.Route) *cluster.Local {
		l := small()
		s := &l.Services[0]
		s.Mode, s.Routes, s.Default = cluster.HTTP, routes, "web"
		s.Pools = append(s.Pools, cluster.Pool{Name: "static", Balance: "leastconn"})
		return l
	}
	hosts := func(hosts ...string) cluster.Route { return cluster.Route{Host: hosts, To: "static"} }
	const first = 2055062528 // "web host 0"
	reload := Plan{Reload: []Reason{{"services.web", "routes changed"}}}
	for _, row := range []struct {
		name          string
		before, after []cluster.Route
		want          Plan
	}{
		{"another order", []cluster.Route{hosts("a", "b")}, []cluster.Route{hosts("b", "a")}, Plan{}},
		{"added and removed", []cluster.Route{hosts("a", "b")}, []cluster.Route{hosts("b", "c", "d")}, Plan{Changes: []Change{
			{"services.web", "route to static: host c, d added; a removed", SetPatterns{first, []string{"b", "c", "d"}}},
		}}},
		{"a condition added", []cluster.Route{hosts("a")}, []cluster.Route{{Host: []string{"a"}, PathEnds: []string{".css"}, To: "static"}}, reload},
		{"a route added", []cluster.Route{hosts("a")}, []cluster.Route{hosts("a"), hosts("b")}, reload},
		{"another pool", []cluster.Route{hosts("a")}, []cluster.Route{{Host: []string{"a"}, To: "web"}}, reload},
		{"no word", []cluster.Route{{PathBegins: []string{"/a"}, To: "static"}}, []cluster.Route{{PathBegins: []string{"/a;b"}, To: "static"}}, reload},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, Difference(routed(row.before...), routed(row.after...), installed)); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}
