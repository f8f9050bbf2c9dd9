package haproxy

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

func pool(l *cluster.Local) *cluster.Pool { return &l.Services[0].Pools[0] }

func add(l *cluster.Local) {
	pool(l).Servers = append(pool(l).Servers, cluster.Server{Name: "s3", Host: "10.0.0.3", Port: 80})
}

func TestReasonsOfTheFile(t *testing.T) {
	stats := func(l *cluster.Local) {
		l.Stats = &cluster.Stats{Bind: cluster.Bind{Port: 9000}, URI: "/", User: "admin", PasswordFile: "/p"}
	}
	keep := func(*cluster.Local) {}
	for _, row := range []struct {
		name          string
		before, after func(*cluster.Local)
		want          []string
	}{
		{"what HAProxy does not see", keep, func(l *cluster.Local) {
			l.Name, l.Watch, l.VRRP.Version = "other", true, 2
			l.VRRP.Instances = []cluster.Instance{{Name: "i", Addresses: []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.1/24")}}}}
		}, nil},
		{"the process", keep, func(l *cluster.Local) {
			l.HAProxy = cluster.HAProxy{Log: []cluster.LogTarget{{Address: "192.0.2.1:514", Facility: "local0"}}, Global: []string{"nbthread 2"},
				Defaults: []string{"retries 1"}, Files: []string{"/etc/haproxy/own.cfg"}}
		}, []string{"haproxy: log changed", "haproxy: global changed", "haproxy: defaults changed", "haproxy: files changed"}},
		{"statistics added", keep, stats, []string{"stats: added"}},
		{"statistics removed", stats, keep, []string{"stats: removed"}},
		{"statistics changed", stats, func(l *cluster.Local) {
			l.Stats = &cluster.Stats{Bind: cluster.Bind{Port: 9001}, URI: "/s", Refresh: time.Second, Description: "d", User: "u", PasswordFile: "/q", Admin: true}
		}, []string{"stats: bind changed", "stats: uri changed", "stats: refresh changed", "stats: description changed", "stats: user changed",
			"stats: password_file changed", "stats: admin changed"}},
		{"a service added", keep, func(l *cluster.Local) {
			l.Services = append(l.Services, cluster.Service{Name: "api"})
		}, []string{"services.api: service added"}},
		{"a service removed", keep, func(l *cluster.Local) { l.Services = nil }, []string{"services.web: service removed"}},
		{"the frontend", keep, func(l *cluster.Local) {
			s := &l.Services[0]
			s.Bind, s.Mode, s.Default = []cluster.Bind{{Port: 81}}, cluster.HTTP, "x"
			s.Routes, s.TLS, s.ForwardedFor = []cluster.Route{{To: "web"}}, &cluster.TLS{}, &cluster.ForwardedFor{}
			s.RequestHeaders, s.Raw = []cluster.Header{{Name: "X", Value: "y"}}, []string{"timeout client 1h"}
		}, []string{"services.web: bind changed", "services.web: mode changed", "services.web: default changed",
			"services.web: tls changed", "services.web: forwarded_for changed", "services.web: request_headers changed", "services.web: raw changed", "services.web: routes changed"}},
		{"a bind that becomes a VIP's", func(l *cluster.Local) {
			l.Services[0].Bind[0].Address = netip.MustParseAddr("192.0.2.1")
		}, func(l *cluster.Local) {
			l.Services[0].Bind[0].Address = netip.MustParseAddr("192.0.2.1")
			l.VRRP.Instances = []cluster.Instance{{Addresses: []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.1/24")}}}}
		}, []string{"services.web: bind 192.0.2.1:80 began or ceased to be a VIP"}},
		{"the pool", keep, func(l *cluster.Local) {
			p := pool(l)
			p.Balance, p.Check.Fall, p.Sticky, p.Raw = "leastconn", 9, &cluster.Sticky{Cookie: "C"}, []string{"fullconn 9"}
		}, []string{"services.web: balance changed", "services.web: check changed", "services.web: sticky changed", "services.web: raw changed"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			before, after := small(), small()
			row.before(before)
			row.after(after)
			plan := Difference(before, after, installed)
			if diff := cmp.Diff(row.want, words(plan.Reload)); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
			if len(plan.Changes) > 0 {
				t.Errorf("got changes %v, want none", words(plan.Changes))
			}
		})
	}
}

func TestReasonsOfServers(t *testing.T) {
	old := Build{Version: "2.4.22", Major: 2, Minor: 4, TLS: true}
	newer := Build{Version: "3.0.11", Major: 3, Minor: 0, TLS: true}
	bare := Build{Version: "2.6.12", Major: 2, Minor: 6}
	for _, row := range []struct {
		name    string
		both    func(*cluster.Local)
		change  func(*cluster.Local)
		running Build
		want    []string
	}{
		{"an old version", nil, add, old, []string{"services.web: HAProxy 2.4.22 cannot add and remove servers at run time, 2.6 can"}},
		{"an old version, a weight", nil, func(l *cluster.Local) { pool(l).Servers[0].Weight = 2 }, old, nil},
		{"a static algorithm", func(l *cluster.Local) { pool(l).Balance = "static-rr" }, add, installed,
			[]string{`services.web: balance "static-rr" is computed when HAProxy starts`}},
		{"a static algorithm, a server removed", func(l *cluster.Local) { pool(l).Balance = "static-rr" },
			func(l *cluster.Local) { pool(l).Servers = pool(l).Servers[:1] }, installed,
			[]string{`services.web: balance "static-rr" is computed when HAProxy starts`}},
		{"a static algorithm, a weight", func(l *cluster.Local) { pool(l).Balance = "static-rr" },
			func(l *cluster.Local) { pool(l).Servers[0].Weight = 2 }, installed, []string{`services.web: balance "static-rr" is computed when HAProxy starts`}},
		{"a static algorithm, an address", func(l *cluster.Local) { pool(l).Balance = "static-rr" },
			func(l *cluster.Local) { pool(l).Servers[0].Port = 81 }, installed, nil},
		{"an inherited algorithm", func(l *cluster.Local) { pool(l).Balance = "" }, add, installed,
			[]string{`services.web: balance "" is computed when HAProxy starts`}},
		{"a hash", func(l *cluster.Local) { pool(l).Balance = "source" }, add, installed, nil},
		{"random", func(l *cluster.Local) { pool(l).Balance = "random(2)" }, add, installed, nil},
		{"a hash, another order", func(l *cluster.Local) { pool(l).Balance = "source" },
			func(l *cluster.Local) { slices.Reverse(pool(l).Servers) }, installed, nil},
		{"a raw hash-type, another order", func(l *cluster.Local) { pool(l).Balance, pool(l).Raw = "source", []string{"hash-type map-based"} },
			func(l *cluster.Local) { slices.Reverse(pool(l).Servers) }, installed,
			[]string{"services.web: the order of the servers changed, by which a raw hash-type may tell them apart"}},
		{"a hash, two names of one number", func(l *cluster.Local) {
			pool(l).Balance = "source"
			pool(l).Servers[0].Name, pool(l).Servers[1].Name = twins[0], twins[1]
		},
			func(l *cluster.Local) { pool(l).Servers = pool(l).Servers[1:] }, installed,
			[]string{"services.web: the number of server " + twins[1] + " changed, by which balance source tells it apart"}},
		{"first, another order", func(l *cluster.Local) { pool(l).Balance = "first" }, func(l *cluster.Local) { slices.Reverse(pool(l).Servers) }, installed,
			[]string{"services.web: the order of the servers changed, in which balance first fills them"}},
		{"first, a server in front", func(l *cluster.Local) { pool(l).Balance = "first" }, func(l *cluster.Local) { add(l); slices.Reverse(pool(l).Servers[1:]) },
			installed, []string{"services.web: the order of the servers changed, in which balance first fills them"}},
		{"first, a server behind", func(l *cluster.Local) { pool(l).Balance = "first" }, add, installed, nil},
		{"backup servers, another order", func(l *cluster.Local) { pool(l).Servers[0].Backup, pool(l).Servers[1].Backup = true, true },
			func(l *cluster.Local) { slices.Reverse(pool(l).Servers) }, installed,
			[]string{"services.web: the order of the backup servers changed, in which they step in"}},
		{"a cookie", func(l *cluster.Local) { pool(l).Sticky = &cluster.Sticky{Cookie: "C"} }, add, installed,
			[]string{"services.web: HAProxy 2.6.12 takes no new server that a cookie names, 3.0 does"}},
		{"a cookie, 3.0", func(l *cluster.Local) { pool(l).Sticky = &cluster.Sticky{Cookie: "C"} }, add, newer, nil},
		{"a cookie, a server removed", func(l *cluster.Local) { pool(l).Sticky = &cluster.Sticky{Cookie: "C"} },
			func(l *cluster.Local) { pool(l).Servers = pool(l).Servers[:1] }, installed, nil},
		{"defaults of servers", func(l *cluster.Local) { l.HAProxy.Defaults = []string{"default-server inter 9s"} }, add, installed,
			[]string{"services.web: a server that is added at run time would lack what haproxy.defaults says in default-server"}},
		{"harmless raw lines", func(l *cluster.Local) {
			pool(l).Raw = []string{"timeout server 1h", "#default-server inter 1s", "option tcp-check"}
		}, add, installed, nil},
		{"raw lines about servers", func(l *cluster.Local) { pool(l).Raw = []string{"'default-server' inter 1s", "hash-type map-based"} }, add, installed, []string{
			"services.web: raw line default-server may count on the servers that HAProxy started with",
			"services.web: raw line hash-type may count on the servers that HAProxy started with",
		}},
		{"harmless raw lines of the service", func(l *cluster.Local) {
			l.Services[0].Raw = []string{"monitor-uri /up", "http-request deny if FALSE", "timeout client 1h"}
		}, add, installed, nil},
		{"raw lines of the service about its servers", func(l *cluster.Local) { l.Services[0].Raw = []string{"default-server inter 1s"} }, add, installed,
			[]string{"services.web: raw line default-server may count on the servers that HAProxy started with"}},
		{"raw lines of a service with pools", func(l *cluster.Local) {
			l.Services[0].Raw, l.Services[0].Pools = []string{"default-server inter 1s"}, append(l.Services[0].Pools, cluster.Pool{Name: "other"})
		}, add, installed, nil},
		{"raw lines about servers, a weight", func(l *cluster.Local) { pool(l).Raw = []string{"use-server s1 if TRUE"} },
			func(l *cluster.Local) { pool(l).Servers[0].Weight = 2 }, installed, nil},
		{"a server with a name", nil, func(l *cluster.Local) {
			pool(l).Servers = append(pool(l).Servers, cluster.Server{Name: "s3", Host: "s3.example", Port: 80})
		}, installed, []string{"services.web: server s3 is given as s3.example: at run time HAProxy takes plain IP addresses only"}},
		{"a server with a name removed", func(l *cluster.Local) { pool(l).Servers[0].Host = "s1.example" },
			func(l *cluster.Local) { pool(l).Servers = pool(l).Servers[1:] }, installed,
			[]string{"services.web: server s1 is given as s1.example: at run time HAProxy takes plain IP addresses only"}},
		{"a name becomes an address", func(l *cluster.Local) { pool(l).Servers[0].Host = "s1.example" },
			func(l *cluster.Local) { pool(l).Servers[0].Host = "10.0.0.1" }, installed,
			[]string{"services.web: server s1 is given as s1.example: at run time HAProxy takes plain IP addresses only"}},
		{"a server with a name, a weight", func(l *cluster.Local) { pool(l).Servers[0].Host = "s1.example" },
			func(l *cluster.Local) { pool(l).Servers[0].Weight = 2 }, installed, nil},
		{"backup", nil, func(l *cluster.Local) { pool(l).Servers[1].Backup = true }, installed, []string{"services.web: server s2: backup changed"}},
		{"TLS", nil, func(l *cluster.Local) { pool(l).Servers[1].TLS, pool(l).Servers[1].Verify = true, true }, installed, []string{
			"services.web: server s2: tls changed", "services.web: server s2: verify changed"}},
		{"the first that is verified", nil, func(l *cluster.Local) { add(l); pool(l).Servers[2].TLS, pool(l).Servers[2].Verify = true, true }, installed,
			[]string{"services.web: HAProxy reads the authorities that verify server s3 when it starts"}},
		{"one more that is verified", func(l *cluster.Local) { pool(l).Servers[0].TLS, pool(l).Servers[0].Verify = true, true },
			func(l *cluster.Local) { add(l); pool(l).Servers[2].TLS, pool(l).Servers[2].Verify = true, true }, installed, nil},
		{"TLS that is not there", nil, func(l *cluster.Local) { add(l); pool(l).Servers[2].TLS = true }, bare,
			[]string{`services.web: cannot speak TLS to server "s3": HAProxy 2.6.12 was built without OpenSSL`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			before, after := small(), small()
			if row.both != nil {
				row.both(before)
				row.both(after)
			}
			row.change(after)
			if diff := cmp.Diff(row.want, words(Difference(before, after, row.running).Reload)); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}
