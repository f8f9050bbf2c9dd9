package haproxy

import (
	"math/rand/v2"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

func TestService(t *testing.T) {
	for _, c := range []struct {
		name, section string
		change        func(*cluster.Service)
		want          string
	}{
		{"IPv6", "listen web", func(s *cluster.Service) {
			s.Bind = []cluster.Bind{{Address: netip.IPv6Unspecified(), Port: 80}, {Address: netip.MustParseAddr("2001:db8::5"), Port: 81}}
		}, "mode http\nbind [::]:80 v6only\nbind [2001:db8::5]:81\noption httplog\noption idle-close-on-response\nbalance roundrobin"},
		{"a VIP", "listen web", func(s *cluster.Service) {
			s.Bind = []cluster.Bind{{Address: netip.MustParseAddr("192.0.2.10"), Port: 80}}
		},
			"mode http\nbind 192.0.2.10:80 transparent\noption httplog\noption idle-close-on-response\nbalance roundrobin"},
		{"two certificates", "listen web", func(s *cluster.Service) {
			s.TLS = &cluster.TLS{Certificates: []string{"/a.pem", "/with blank.pem"}, MinVersion: "1.3", ALPN: []string{"h2", "http/1.1"}}
		}, "mode http\nbind *:80 ssl crt /a.pem crt '/with blank.pem' ssl-min-ver TLSv1.3 alpn h2,http/1.1\noption httplog\n" +
			"option idle-close-on-response\nbalance roundrobin"},
		{"headers", "listen web", func(s *cluster.Service) {
			s.ForwardedFor = &cluster.ForwardedFor{Except: netip.MustParsePrefix("10.0.0.0/8")}
			s.RequestHeaders = []cluster.Header{{Name: "X-A", Value: `50% "off"`}, {Name: "X-B", Value: ""}}
		}, "mode http\nbind *:80\noption httplog\noption idle-close-on-response\noption forwardfor except 10.0.0.0/8\n" +
			"http-request set-header X-A '50%% \"off\"'\nhttp-request set-header X-B ''\nbalance roundrobin"},
		{"disabled", "frontend web.disabled", func(s *cluster.Service) { s.Mode, s.Disabled = cluster.TCP, true },
			"disabled\nmode tcp\nbind *:80\noption tcplog\ndefault_backend web"},
		{"raw lines", "listen web", func(s *cluster.Service) { s.Mode, s.Raw = cluster.TCP, []string{"  timeout client 1h "} },
			"mode tcp\nbind *:80\noption tcplog\ntimeout client 1h\nbalance roundrobin"},
		{"routes", "frontend web", func(s *cluster.Service) {
			s.Pools = []cluster.Pool{{Name: "a"}, {Name: "b"}}
			s.Routes = []cluster.Route{{Host: []string{"a.example", "b.example"}, PathBegins: []string{"-i"}, To: "b"}}
			s.Default = "a"
		}, "mode http\nbind *:80\noption httplog\noption idle-close-on-response\n" +
			"acl route1-host req.hdr(host),field(1,:) -i -u 2055062528 -- a.example\nacl route1-host req.hdr(host),field(1,:) -i -u 2055062529 -- b.example\n" +
			"acl route1-path-begins path_beg -i -u 339707904 -- -i\nuse_backend web.b if route1-host route1-path-begins\ndefault_backend web.a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httpService()
			c.change(&s)
			l := with(s)
			l.VRRP.Instances = []cluster.Instance{{Addresses: []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.10/24")}}}}
			config, err := Render(l, nil, installed)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, section(t, config.Text, c.section)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.section, diff)
			}
		})
	}
}

func TestPool(t *testing.T) {
	ip := cluster.Server{Name: "s", Host: "192.0.2.21", Port: 80}
	name := cluster.Server{Name: "s", Host: "s.example", Port: 443}
	steady := cluster.HealthCheck{Interval: 1500 * time.Millisecond, Rise: 2, Fall: 3}
	for _, c := range []struct {
		name   string
		server cluster.Server
		change func(*cluster.Pool)
		want   string
	}{
		{"no check", ip, func(p *cluster.Pool) {}, "balance roundrobin\nserver s 192.0.2.21:80"},
		{"a check", ip, func(p *cluster.Pool) { p.Check = steady }, "balance roundrobin\nserver s 192.0.2.21:80 check inter 1500ms rise 2 fall 3"},
		{"a request", ip, func(p *cluster.Pool) {
			p.Check = steady
			p.Check.Timeout, p.Check.TLS = time.Second, true
			p.Check.HTTP = &cluster.HealthRequest{Method: "GET", Path: "/x?a=%41#b", Host: "s.example", Status: []int{200, 204}}
		}, "balance roundrobin\ntimeout check 1s\noption httpchk\nhttp-check send meth GET uri '/x?a=%41#b' ver HTTP/1.1 hdr Host s.example\n" +
			"http-check expect status 200,204\nserver s 192.0.2.21:80 check inter 1500ms rise 2 fall 3 check-ssl verify none"},
		{"a request without a host", ip, func(p *cluster.Pool) {
			p.Check = cluster.HealthCheck{HTTP: &cluster.HealthRequest{Method: "HEAD", Path: "/"}}
		}, "balance roundrobin\noption httpchk\nhttp-check send meth HEAD uri /\nserver s 192.0.2.21:80 check"},
		{"a hash", ip, func(p *cluster.Pool) { p.Balance = "url_param user" }, "balance url_param user\n" +
			"# servers can be added at run time, and clients of the others stay where they are\nhash-type consistent\nserver s 192.0.2.21:80 id 808163"},
		{"a hash of a header", ip, func(p *cluster.Pool) { p.Balance = "hdr(X-User)" }, "balance hdr(X-User)\n" +
			"# servers can be added at run time, and clients of the others stay where they are\nhash-type consistent\nserver s 192.0.2.21:80 id 808163"},
		{"random", ip, func(p *cluster.Pool) { p.Balance = "random(3)" }, "balance random(3)\nserver s 192.0.2.21:80"},
		{"a cookie", ip, func(p *cluster.Pool) { p.Sticky = &cluster.Sticky{Cookie: "SRV$"} },
			"balance roundrobin\ncookie 'SRV$' insert indirect nocache\nserver s 192.0.2.21:80 cookie s"},
		{"all about a server", cluster.Server{Name: "s", Host: "2001:db8::21", Port: 80, Backup: true, Weight: 10, MaxConn: 500},
			func(p *cluster.Pool) {}, "balance roundrobin\nserver s [2001:db8::21]:80 weight 10 maxconn 500 backup"},
		{"a name", name, func(p *cluster.Pool) {}, "balance roundrobin\nserver s s.example:443 resolvers lbsup"},
		{"TLS", name, func(p *cluster.Pool) { p.Servers[0].TLS = true },
			"balance roundrobin\nserver s s.example:443 resolvers lbsup ssl sni str(s.example) check-sni s.example verify none"},
		{"TLS with a check", ip, func(p *cluster.Pool) { p.Servers[0].TLS, p.Check = true, cluster.HealthCheck{TLS: true} },
			"balance roundrobin\nserver s 192.0.2.21:80 ssl verify none check check-ssl"},
		{"TLS with verification", name, func(p *cluster.Pool) { p.Servers[0].TLS, p.Servers[0].Verify = true, true },
			"balance roundrobin\nserver s s.example:443 resolvers lbsup ssl sni str(s.example) check-sni s.example " +
				"verify required ca-file @system-ca verifyhost s.example"},
		{"raw lines", ip, func(p *cluster.Pool) { p.Raw = []string{"timeout server 5m"} },
			"balance roundrobin\ntimeout server 5m\nserver s 192.0.2.21:80"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := httpService(c.server)
			c.change(&s.Pools[0])
			config, err := Render(with(s), nil, installed)
			if err != nil {
				t.Fatal(err)
			}
			got := section(t, config.Text, "listen web")
			if diff := cmp.Diff("mode http\nbind *:80\noption httplog\noption idle-close-on-response\n"+c.want, got); diff != "" {
				t.Errorf("listen web (-want +got):\n%s", diff)
			}
			if code, words := check(t, string(config.Text)); code != 0 {
				t.Errorf("haproxy -c: exit %d\n%s", code, words)
			}
		})
	}
}

func TestResolversOnlyForNames(t *testing.T) {
	for host, want := range map[string]bool{"192.0.2.1": false, "2001:db8::1": false, "s.example": true} {
		config, err := Render(with(httpService(cluster.Server{Name: "s", Host: host, Port: 80})), nil, installed)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(config.Text), "\nresolvers lbsup\n"); got != want {
			t.Errorf("server %s: there are resolvers: %v, want %v", host, got, want)
		}
	}
}

func TestBackendName(t *testing.T) {
	pools := func(names ...string) (out []cluster.Pool) {
		for _, name := range names {
			out = append(out, cluster.Pool{Name: name})
		}
		return out
	}
	for _, row := range []struct {
		name    string
		service cluster.Service
		want    string // for the last pool
	}{
		{"servers of its own", cluster.Service{Name: "web", Pools: pools("web")}, "web"},
		{"servers of its own, disabled", cluster.Service{Name: "web", Pools: pools("web"), Disabled: true}, "web"},
		{"one pool", cluster.Service{Name: "web", Pools: pools("app")}, "web.app"},
		{"one pool of the same name, and routes to it", cluster.Service{Name: "web", Pools: pools("web"), Routes: []cluster.Route{{To: "web"}}}, "web.web"},
		{"two pools", cluster.Service{Name: "web", Pools: pools("app", "static")}, "web.static"},
	} {
		if got := BackendName(row.service, row.service.Pools[len(row.service.Pools)-1]); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

// HAProxy 3.3 refuses two proxies of the same name, whatever they are.
func TestNoTwoProxiesShareAName(t *testing.T) {
	shared := regexp.MustCompile(`(?m)^(?:frontend|backend|listen) (\S+)$`)
	proxies := 0
	for seed := range uint64(500) {
		r := random{rand.New(rand.NewPCG(seed, 0))}
		l := r.cluster()
		for i := range l.Services {
			l.Services[i].Disabled = r.IntN(4) == 0
		}
		config, err := Render(l, secrets, installed)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, name := range shared.FindAllSubmatch(config.Text, -1) {
			if seen[string(name[1])] {
				t.Fatalf("seed %d: two proxies are called %q:\n%s", seed, name[1], config.Text)
			}
			seen[string(name[1])] = true
		}
		proxies += len(seen)
	}
	if proxies < 500 {
		t.Errorf("there were %d proxies only", proxies)
	}
}
