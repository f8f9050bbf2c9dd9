package cluster

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

// sameAddresses lets cmp compare netip's types.
var sameAddresses = cmp.Options{
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }),
}

func everything(t *testing.T) *Cluster {
	t.Helper()
	c, problems := Parse("everything.yaml", readFile(t, "testdata/everything.yaml"))
	if len(problems) > 0 {
		t.Fatal(told(problems))
	}
	return c
}

func wants[T any](t *testing.T, name string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameAddresses); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestEverythingAboutNodesAndHAProxy(t *testing.T) {
	c := everything(t)
	wants(t, "name", "all", c.Name)
	wants(t, "watch", false, c.Watch)
	wants(t, "nodes", []Node{
		{"lb1", netip.MustParseAddr("192.0.2.11")},
		{"lb2", netip.MustParseAddr("192.0.2.12")},
		{"lb3.example.net", netip.MustParseAddr("192.0.2.13")},
	}, c.Nodes)
	wants(t, "haproxy", HAProxy{
		Log:      []LogTarget{{"192.0.2.30:1514", "local2"}, {"192.0.2.31:514", "local0"}, {"/dev/log", "daemon"}},
		Global:   []string{"nbthread 2"},
		Defaults: []string{"timeout connect 3s"},
		Settle:   20 * time.Second,
	}, c.HAProxy)
	wants(t, "stats", &Stats{
		Bind: Bind{netip.MustParseAddr("127.0.0.1"), 9000}, URI: "/stats", Refresh: 10 * time.Second, Description: "All of it",
		User: "admin", PasswordFile: "/etc/lbsup/stats.password", Admin: true,
	}, c.Stats)
}

func TestEverythingAboutStatus(t *testing.T) {
	wants(t, "status", &Status{
		Listen: Bind{netip.MustParseAddr("127.0.0.1"), 9105}, Certificate: "/etc/lbsup/status.pem", Key: "/etc/lbsup/status.key", Names: []string{"status.example.net"},
	}, everything(t).Status)
}

func TestEverythingAboutPeers(t *testing.T) {
	wants(t, "exchange", &Exchange{
		Port: 9999, Certificate: "/etc/lbsup/peers.pem", Key: "/etc/lbsup/peers.key.pem", Authority: "/etc/lbsup/peers.ca.pem",
	}, everything(t).Exchange)
}

func TestEverythingAboutNotices(t *testing.T) {
	wants(t, "notices", []Notice{
		{Exec: []string{"/usr/bin/logger", "-t", "a b"}, Timeout: 2 * time.Second, On: []Occurrence{SplitBrain, Transition}},
		{Webhook: "https://hooks.example.net/lb", HeadersFile: "/etc/lbsup/hook.headers", Timeout: 10 * time.Second, On: []Occurrence{Transition, FailedChange, SplitBrain}},
	}, everything(t).Notices)
}

func TestEverythingAboutVRRP(t *testing.T) {
	prefix := netip.MustParsePrefix
	wants(t, "vrrp", VRRP{
		Version: 2, AdvertInterval: 2 * time.Second, Unicast: true, Yield: true, KeepOrphans: true,
		Mail: &Mail{[]string{"ops@example.net", "root@example.net"}, "lb@example.net", netip.MustParseAddrPort("192.0.2.25:587")},
		Instances: []Instance{{
			Name: "VI_1", RouterID: 51, Interface: "eth0",
			Addresses: []VIP{{prefix("192.0.2.10/24"), "eth0", "eth0:1"}, {prefix("198.51.100.10/25"), "eth1", ""}},
			Auth:      &Auth{"ah", "/etc/lbsup/vrrp.password"},
			Prefer:    []string{"lb3.example.net", "lb1", "lb2"}, PreemptDelay: 3 * time.Second,
			Track: Track{Interfaces: []string{"eth1"}, Checks: []TrackedCheck{
				{"program", checks.Fault, 0}, {"web-up", checks.Lower, 20}, {"z-any", checks.Lower, 0},
			}},
		}, {
			Name: "VI_2", RouterID: 52, Interface: "eth0", Addresses: []VIP{{prefix("192.0.2.20/24"), "eth0", ""}},
			Prefer: []string{"lb1", "lb2", "lb3.example.net"}, Preempt: true, Hold: true,
			Track: Track{Checks: []TrackedCheck{{"haproxy", checks.Lower, 0}, {"port", checks.Lower, 0}, {"a-all", checks.Fault, 0}}},
		}},
	}, everything(t).VRRP)
}

func defined(name string, probe checks.Probe, interval, timeout time.Duration, rise, fall int, onFail checks.Effect) checks.Definition {
	return checks.Definition{Name: name, Probe: probe, Interval: interval, Timeout: timeout, Rise: rise, Fall: fall, HolderFall: fall, OnFail: onFail}
}

func TestEverythingAboutChecks(t *testing.T) {
	const ms, s = time.Millisecond, time.Second
	pool := defined("pool", checks.Probe{Kind: checks.KindBackend, Backend: "site/static"}, s, 900*ms, 7, 8, checks.Report)
	pool.HolderFall = 9
	wants(t, "checks", []checks.Definition{
		defined("haproxy", checks.Probe{Kind: checks.KindHAProxy}, 500*ms, 400*ms, 4, 5, checks.Lower),
		defined("link", checks.Probe{Kind: checks.KindInterface, Interface: "eth2"}, s, 900*ms, 2, 2, checks.Report),
		pool,
		defined("port", checks.Probe{Kind: checks.KindTCP, TCP: "db.example.net:5432"}, s, 100*ms, 2, 2, checks.Lower),
		defined("program", checks.Probe{Kind: checks.KindExec, Exec: []string{"/usr/bin/test", "-e", "/run/a b"}}, 5*s, 4500*ms, 2, 2, checks.Report),
		defined("web-up", checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: "https://localhost:8443/up", Status: []int{200, 204}}},
			20*s, 5*s, 2, 2, checks.Report),
		defined("z-any", checks.Probe{Kind: checks.KindAny, Of: []string{"web-up", "link"}}, s, 900*ms, 1, 1, checks.Report),
		defined("a-all", checks.Probe{Kind: checks.KindAll, Of: []string{"z-any", "haproxy"}}, s, 900*ms, 1, 1, checks.Fault),
	}, everything(t).Checks)
}

func TestEverythingAboutServices(t *testing.T) {
	ip := netip.MustParseAddr
	request := &HealthRequest{"HEAD", "/up", "up.example.net", []int{200}}
	wants(t, "services", []Service{{
		Name: "site", Mode: HTTP, Bind: []Bind{{Port: 443}, {ip("2001:db8::1"), 443}, {ip("192.0.2.10"), 8443}},
		Pools: []Pool{{
			Name: "app", Balance: "leastconn", Check: HealthCheck{time.Second, 900 * time.Millisecond, 4, 5, true, request, false},
			Sticky: &Sticky{"SERVERID"},
			Servers: []Server{
				{Name: "a1", Host: "app.example.net", Port: 80, TLS: true},
				{Name: "a2", Host: "192.0.2.22", Port: 80, Backup: true},
			},
		}, {
			Name: "static", Balance: "uri", Check: HealthCheck{Off: true}, Sticky: &Sticky{"OTHER"},
			Servers: []Server{{Name: "s1", Host: "2001:db8::21", Port: 80, Weight: 5, MaxConn: 100, TLS: true, Verify: true}},
			Raw:     []string{"timeout server 1h"},
		}},
		Routes:         []Route{{[]string{"static.example.net"}, []string{"/s"}, []string{".css"}, "static"}},
		Default:        "app",
		TLS:            &TLS{[]string{"/etc/lbsup/certs/b.pem", "/etc/lbsup/certs/a.pem"}, "1.3", []string{"http/1.1"}},
		ForwardedFor:   &ForwardedFor{netip.MustParsePrefix("127.0.0.0/8")},
		RequestHeaders: []Header{{"X-One", "a %[src]"}, {"X-Two", "b"}},
		Raw:            []string{"timeout client 1h"},
	}, {
		Name: "plain", Mode: TCP, Disabled: true, Bind: []Bind{{Port: 25}}, Default: "plain",
		Pools: []Pool{{
			Name: "plain", Balance: "roundrobin", Check: HealthCheck{Interval: 2 * time.Second, Rise: 2, Fall: 3},
			Servers: []Server{{Name: "p1", Host: "192.0.2.23", Port: 25}},
		}},
		TLS: &TLS{[]string{"/etc/lbsup/certs/a.pem"}, "1.2", nil},
	}}, everything(t).Services)
}
